"""Word lists by which the plain-text importer tells a cut from an end."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that no sentence and no heading ends with.
NEVER_LAST = _words(
    """
    a an the and or but nor of from with into upon between among amid its their our your my whose
    which than because although unless whether as via versus vs every
    und oder aber sondern von vom zum zur mit für bei aus dass wenn weil obwohl ein eine einen
    einem einer eines des dem
    les des du et ou mais aux dans sur avec que qui dont une leurs cette ces chez
    los las una unos del pero al sin para por su sus
    gli della dello dei degli nel nella che di
    os uma dos das nos nas em com seu sua
    het een voor met bij
    и или но в на с к по от для что как из о об за при
    """
)
#: Words that no sentence ends with unless punctuation follows, but that a heading may end with:
#: they tell a cut at the end of a whole paragraph only.
SELDOM_LAST = _words(
    """
    at by for in on to per until while though if when since is was were are be been being am has
    have had will would could should may might must shall can cannot his her who that this these
    those each no not very more most some any both either neither such so about against over
    under after before through during toward towards without within behind beyond near
    der die das den im am zu nach wie als ob auf an ihre ihrer ihren seine seiner seinen sehr nicht
    kein keine durch gegen ohne um über unter vor zwischen ist war sind sich
    le la un de à au en par pour sans où ne se sa son ses leur ce vers très plus
    el y o a con esta este estos estas muy más il lo uno e ed è da per tra fra suo
    as um do na no para te aan uit zijn haar hun van op
    """
)
#: Words after a hyphen that stands for what follows: "pre- and post-war".
SUSPENDING = _words("and or und oder bis to et ou en of y e o och og i и")
#: Ends of words that are no words themselves: what stands before them was cut at the line end.
WORD_ENDS = _words(
    """
    ing ings ment ments mental mentally ness nesses tion tions tional tionally tioned tioning
    ation ations ational sion sions sional cian cians ity ities ality ility ilities ance ances ence
    ences ency encies ancy ancies ably ibly able ible bly ble bles ful fully lessly ously ious
    iously eous uous ive ives ively tive tives tively sive ize ized izes izing ise ised ises ising
    ization isation ate ated ates ating ator ators ature ture tures tured ical ically ial ially
    cial cially tial tially ian ians ism isms ist ists istic dom hood ers ies ied ier iest ying est
    ly ary aries ory ories ery eries ette ettes gle gled ple pled tle tled dle dled cle cles ent
    ents ental
    ung ungen lich liche lichen licher liches keit keiten heit heiten schaft schaften isch ische
    ischen ischer isches tät täten nen sten
    ement ements ique iques eur eurs euse aient erait
    ción ciones mente idad idades miento mientos zione zioni mento menti ità
    """
)
#: First parts that usually keep their hyphen.
COMPOUND_STARTS = _words(
    """
    self well ill ex all cross half mid non anti pro co vice great long short high low old new full
    part first second third one two three four five six seven eight nine ten twenty thirty forty
    fifty sixty seventy eighty ninety so then far near much
    """
)
