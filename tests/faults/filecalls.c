/* File calls that fail on demand, and that are written down: preloaded into a process (LD_PRELOAD).

   What is armed counts the calls on files below one directory, and lets one of them fail, fall
   short, or be the last thing the process does.  What is recorded goes to a descriptor, one call
   after the other, for the power to be cut afterwards.  Python, SQLite and the full-text engine
   all go through these functions of the C library; what is written through mapped memory does not.
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, RENAME = 4, OPEN = 8, TRUNCATE = 16, UNLINK = 32, MKDIR = 64,
       READ = 128, CREATE = 256 };
enum { NOTHING, FAIL, SHORT, KILL_BEFORE, KILL_AFTER, KILL_HALFWAY };

static char prefix[PATH_MAX];
static int mask, kind, error_number, sticky, recording = -1;
static long at, count, fired;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

void faults_arm(const char *directory, int calls, long position, int what, int error, int stays) {
  count = fired = 0;
  mask = calls; at = position; kind = what; error_number = error; sticky = stays;
  snprintf(prefix, sizeof prefix, "%s", directory);
}
void faults_disarm(void) { if (recording < 0) prefix[0] = 0; mask = 0; kind = NOTHING; }
void faults_record(const char *directory, int descriptor) {
  snprintf(prefix, sizeof prefix, "%s", directory);
  recording = descriptor;
}
long faults_count(void) { return count; }
long faults_fired(void) { return fired; }

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

static int below(const char *path) { return prefix[0] && !strncmp(path, prefix, strlen(prefix)); }

static int path_of(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t n = readlink(link, path, PATH_MAX - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return below(path);
}

static void full_path(int directory, const char *name, char *path) {
  if (name[0] == '/' || directory == AT_FDCWD) { snprintf(path, PATH_MAX, "%s", name); return; }
  char base[PATH_MAX] = "";
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
  ssize_t n = readlink(link, base, PATH_MAX - 1);
  base[n < 0 ? 0 : n] = 0;
  snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, name);
}

/* What is to become of this call: one of the kinds, NOTHING for most. */
static int fate(int call) {
  if (!(mask & call)) return NOTHING;
  long here = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST);
  if (here == at || (sticky && at && here > at)) {
    __atomic_add_fetch(&fired, 1, __ATOMIC_SEQ_CST);
    if (kind == KILL_BEFORE) raise(SIGKILL);
    return sticky && here > at ? FAIL : kind;
  }
  return NOTHING;
}

static void put(const void *data, size_t size) {
  while (size) {
    ssize_t n = REAL(write)(recording, data, size);
    if (n <= 0) return;
    data = (const char *) data + n; size -= n;
  }
}
static void note(char what, const char *path, const char *other, int64_t offset, const void *data,
                 int64_t size) {
  if (recording < 0) return;
  int saved = errno;
  uint32_t lengths[2] = { strlen(path), other ? strlen(other) : 0 };
  int64_t numbers[2] = { offset, data ? size : 0 };
  pthread_mutex_lock(&mutex);
  put(&what, 1); put(lengths, sizeof lengths); put(numbers, sizeof numbers);
  put(path, lengths[0]); if (other) put(other, lengths[1]); if (data) put(data, size);
  pthread_mutex_unlock(&mutex);
  errno = saved;
}

#define REFUSE(f) do { if ((f) == FAIL) { errno = error_number; return -1; } } while (0)
#define DIE(f) do { if ((f) == KILL_AFTER || (f) == KILL_HALFWAY) raise(SIGKILL); } while (0)

static ssize_t written(int descriptor, const void *data, size_t size, int64_t offset) {
  static ssize_t (*positioned)(int, const void *, size_t, off_t);
  static ssize_t (*plain)(int, const void *, size_t);
  if (!plain) { positioned = REAL(pwrite64); plain = REAL(write); }
  char path[PATH_MAX];
  int ours = prefix[0] && descriptor != recording && path_of(descriptor, path);
  int f = ours ? fate(WRITE) : NOTHING;
  REFUSE(f);
  size_t part = (f == SHORT || f == KILL_HALFWAY) && size > 1 ? size / 2 : size;
  int64_t where = offset;
  if (ours && offset < 0 && recording >= 0) {
    where = lseek(descriptor, 0, SEEK_CUR);
    if (fcntl(descriptor, F_GETFL) & O_APPEND) where = lseek(descriptor, 0, SEEK_END);
  }
  ssize_t n = offset < 0 ? plain(descriptor, data, part) : positioned(descriptor, data, part, offset);
  if (f == KILL_HALFWAY) raise(SIGKILL);
  DIE(f);
  if (ours && n > 0) note('w', path, NULL, where, data, n);
  return n;
}
ssize_t write(int d, const void *data, size_t n) { return written(d, data, n, -1); }
ssize_t pwrite64(int d, const void *data, size_t n, off64_t at_) { return written(d, data, n, at_); }
ssize_t pwrite(int d, const void *data, size_t n, off_t at_) { return written(d, data, n, at_); }
ssize_t writev(int d, const struct iovec *parts, int n) {
  ssize_t total = 0;
  for (int i = 0; i < n; i++) {
    ssize_t done = written(d, parts[i].iov_base, parts[i].iov_len, -1);
    if (done < 0) return total ? total : -1;
    total += done;
    if ((size_t) done < parts[i].iov_len) break;
  }
  return total;
}

#define GOT(name, how)                                                    \
  char path[PATH_MAX];                                                    \
  int f = (mask & READ) && path_of(descriptor, path) ? fate(READ) : NOTHING; \
  REFUSE(f);                                                              \
  if ((f == SHORT) && size > 1) size /= 2;                                \
  ssize_t n = how;                                                        \
  DIE(f);                                                                 \
  return n;
ssize_t read(int descriptor, void *data, size_t size) {
  static ssize_t (*real)(int, void *, size_t);
  if (!real) real = REAL(read);
  GOT(read, real(descriptor, data, size))
}
ssize_t pread64(int descriptor, void *data, size_t size, off64_t offset) {
  static ssize_t (*real)(int, void *, size_t, off64_t);
  if (!real) real = REAL(pread64);
  GOT(pread64, real(descriptor, data, size, offset))
}

static int synced(int descriptor, int (*real)(int)) {
  char path[PATH_MAX];
  int ours = prefix[0] && path_of(descriptor, path);
  int f = ours ? fate(SYNC) : NOTHING;
  REFUSE(f);
  int result = real(descriptor);
  DIE(f);
  if (ours && !result) note('s', path, NULL, 0, NULL, 0);
  return result;
}
int fsync(int descriptor) { return synced(descriptor, REAL(fsync)); }
int fdatasync(int descriptor) { return synced(descriptor, REAL(fdatasync)); }

int ftruncate64(int descriptor, off64_t size) {
  char path[PATH_MAX];
  int ours = prefix[0] && path_of(descriptor, path);
  int f = ours ? fate(TRUNCATE) : NOTHING;
  REFUSE(f);
  int result = REAL(ftruncate64)(descriptor, size);
  DIE(f);
  if (ours && !result) note('t', path, NULL, size, NULL, 0);
  return result;
}
int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

static int renamed(const char *from, const char *to, int result_of(void *), void *arguments) {
  int ours = below(to);
  int f = ours ? fate(RENAME) : NOTHING;
  REFUSE(f);
  int result = result_of(arguments);
  DIE(f);
  if (ours && !result) note('r', from, to, 0, NULL, 0);
  return result;
}
struct two { int from_directory, to_directory; const char *from, *to; unsigned flags; };
static int real_rename(void *a) { struct two *t = a; return REAL(rename)(t->from, t->to); }
static int real_renameat(void *a) {
  struct two *t = a;
  return REAL(renameat)(t->from_directory, t->from, t->to_directory, t->to);
}
int rename(const char *from, const char *to) {
  struct two t = { 0, 0, from, to, 0 };
  return renamed(from, to, real_rename, &t);
}
int renameat(int d, const char *from, int e, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  full_path(d, from, a); full_path(e, to, b);
  struct two t = { d, e, from, to, 0 };
  return renamed(a, b, real_renameat, &t);
}

static int removed(const char *path, int f, int result) {
  DIE(f);
  if (below(path) && !result) note('u', path, NULL, 0, NULL, 0);
  return result;
}
int unlink(const char *path) {
  int f = below(path) ? fate(UNLINK) : NOTHING;
  REFUSE(f);
  return removed(path, f, REAL(unlink)(path));
}
int unlinkat(int directory, const char *name, int flags) {
  char path[PATH_MAX];
  full_path(directory, name, path);
  int f = below(path) ? fate(UNLINK) : NOTHING;
  REFUSE(f);
  return removed(path, f, REAL(unlinkat)(directory, name, flags));
}
int mkdir(const char *path, mode_t mode) {
  int f = below(path) ? fate(MKDIR) : NOTHING;
  REFUSE(f);
  int result = REAL(mkdir)(path, mode);
  DIE(f);
  return result;
}

static int opened(int directory, const char *name, int flags, mode_t mode) {
  static int (*real)(int, const char *, int, ...);
  if (!real) real = REAL(openat64);
  char path[PATH_MAX];
  path[0] = 0;
  if (prefix[0]) full_path(directory, name, path);
  int ours = prefix[0] && below(path);
  int writing = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
  int fresh = ours && (flags & O_CREAT) && access(path, F_OK);
  int f = ours ? fate(fresh ? CREATE : writing ? OPEN : READ) : NOTHING;
  REFUSE(f);
  int result = real(directory, name, flags, mode);
  DIE(f);
  if (fresh && result >= 0) note('c', path, NULL, 0, NULL, 0);
  if (ours && result >= 0 && (flags & O_TRUNC)) note('t', path, NULL, 0, NULL, 0);
  return result;
}
#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list l; va_start(l, flags); mode = va_arg(l, mode_t); va_end(l); }
int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int d, const char *path, int flags, ...) { MODE(flags) return opened(d, path, flags, mode); }
int openat64(int d, const char *path, int flags, ...) { MODE(flags) return opened(d, path, flags, mode); }
