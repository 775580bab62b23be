"""Plots about what somebody does or leaves undone, and what comes of it."""

from gendesk.data.text.fables_plots import Plot

DEEDS = (
    Plot(
        "The {Na} and the {Nb} Before Winter",
        {"a": "busy", "b": "idle"},
        """All summer {a} was [busy|occupied] {chore}, while {b} spent the days {pastime}. "[Rest|Sit down] a little,"
        {said} {b}. "The year is long." "It has two ends," {said} {a}, "and only one of them is warm." When the snow
        came, {b} knocked at the door of the {home_a}, [shivering|blue with cold], and asked for {food_b}. {A}
        [thought|frowned] for a while. "Come in," {he_a} {said}, "but in this house a guest pays with what {he_b} has."
        So {b} told [stories|tales] of summer by the fire until spring, and {a} {sighed} that {he_a} had never noticed
        how [blue|beautiful] it was.""",
        "Work fills the larder and [song|a story] fills the [evening|long evenings]; [a wise house has "
        "both|happy the house that has both|one is poor without the other].",
        ("chore", "pastime"),
    ),
    Plot(
        "The {Na} Who Spared the {Nb}",
        {"a": "large strong walker", "b": "small -slow"},
        """{A} woke {place} and found {b} [asleep|sitting] on {his_a} nose. "I could [crush|swallow] you," {he_a}
        {said}. "You could," {said} {b}, "and then nobody would owe you a [favour|kindness]." This amused {a}, who let
        {him_b} go. {soon} {a} was caught in a hunter's net, and {his_a} roaring shook the leaves from the trees. {B}
        heard it and came running. "Hold still," {he_b} {said}, and worked at the knots until [midnight|the moon
        rose|morning], one [thread|strand] after another. "I was [joking|laughing] when I let you go," {sighed} {a}. "I
        was not," {said} {b}, "when I said so.\"""",
        "No [friend|kindness] is too small to be [of use|remembered].",
    ),
    Plot(
        "The {Na}, the {Nb} and the Bridge",
        {"a": "proud walker", "b": "proud walker", "c": "small slow"},
        """{A} and {b} met in the middle of a narrow [plank|bridge|log] over the [brook|torrent|mill stream]. "Go
        back," {said} {a}, "for I am the [older|nobler]." "Go back yourself," {said} {b}, "for I was here [first|before
        you]." They stood there until [noon|dusk|supper], and neither would [yield|bow] by so much as a [hair|whisker].
        Then {c} came along, [crawled|crept] {kindly} between their feet, first under {a} and then under {b}, and
        reached the other side. "What did you gain by [stooping|bending] so low?" {asked} {a}. "[The far bank|My
        dinner]," {said} {c}, and at that moment the plank [broke|snapped], and the two proud ones [went to sea
        together|fell in with one great splash].""",
        "[Pride|He who will not bend] must learn to swim.",
    ),
    Plot(
        "The {Na} Who Wanted to Be Large",
        {"a": "small -wise -slow", "b": "large", "c": "wise"},
        """{A} was tired of being [trodden on|overlooked]. "How did you become so big?" {he_a} asked {b}. "By eating,"
        {said} {b}, who was an honest [soul|creature]. So {a} ate {food_a} for breakfast, {treat} for lunch, and
        {treat} for tea. On the [third|seventh] day {he_a} was as round as [a plum|an onion|a drum], and no larger.
        When {he_a} tried to go home, {he_a} stuck fast in {his_a} own front door, and {friends} came to [pull|look].
        "Now at least everybody [notices|sees] you," {said} {c}. "[Alas|Yes]," {sighed} {a}, "but only from [behind|one
        side].\"""",
        "It is better to fit [one's|through one's] own door than to be [admired in it|stared at by the whole street].",
    ),
    Plot(
        "The {Na} and the Borrowed Feathers",
        {"a": "vain -flier -proud", "b": "vain flier", "c": "wise"},
        """{A} gathered the [bright|painted|long] feathers that {b} had dropped {place}, and stuck them on with
        [honey|resin|glue]. Thus dressed, {he_a} went to the [ball|concert|wedding] of the birds. "What a {fine}
        stranger!" {said} {friends}. "Where do you come from?" "From a very high family," {said} {a}, "who never touch
        the ground." "Then fly with us to the tower," {said} {b}, "for the music is about to begin." {A} could [not
        refuse|think of no excuse], jumped from the wall, and landed in the [punch|custard|fruit salad]. "The feathers
        were real," {said} {c}, picking them up one by one. "Only the bird was missing.\"""",
        "A borrowed coat [has no wings|is always too short] when [we must leap|it rains].",
    ),
    Plot(
        "The {Na} Who Cried Too Often",
        {"a": "small -wise", "b": "hunter", "c": "busy"},
        """{A} was set to guard the [chickens|lambs|goslings] {place} and found it dull. "Help! {B} is coming!" {he_a}
        {cried}, and {friends} came running with [pitchforks|brooms|sticks]. {A} laughed until {he_a} [cried|rolled in
        the grass]. The next day {he_a} did it again, and again they came, {c} in front with a [ladle|rolling pin]. On
        the third evening {b} really came, [yawning|humming] a little, and sat down. "Help!" {cried} {a}. In the
        village {c} [turned over|put another log on the fire]. "Do go on," {said} {b} {kindly}. "You do it very well. I
        have enjoyed it every [night|evening] from behind the hedge.\"""",
        "[A joker's|The liar's] punishment is that [truth|the truth] comes out in the same voice.",
    ),
    Plot(
        "The {Na} and the Pebbles",
        {"a": "flier -proud -small", "b": "proud large"},
        """In the great drought {a} and {b} found a jar with a little water at the bottom. {B} pushed {his_b} head in,
        as far as it would go, and could not reach. "It is [broken|bewitched]," {he_b} {said}, and went away to wait
        for rain. {A} looked at the jar from [all sides|above and below]. Then {he_a} began to drop pebbles into it,
        one [after another|by one], and with each of them the water [rose|climbed] by the width of a straw. When {b}
        came back [at noon|at dusk|an hour later], {very} thirsty, {a} was taking {his_a} bath. "What [luck|magic]!"
        {said} {b}. "Yes," {said} {a}, "{number} pebbles of it.\"""",
        "What [strength|force] cannot reach, [patience|thought] will bring to the brim.",
    ),
    Plot(
        "The House of the {Na}",
        {"a": "idle", "b": "busy", "c": "small"},
        """{A} meant to build a house. "Tomorrow," {he_a} {said} each evening, "I shall begin with the roof, which is
        the [hardest|best] part." {B} next door laid one stone every day, even on [rainy days|feast days], and said
        nothing. {C} carried clay for both of them. When the first [storm|snow] came, {b} and {c} sat by a
        [warm|crackling] fire, and {a} stood outside with {his_a} plan, which was {fine} and {very} wet. "Is there room
        for one more?" {he_a} {asked}. "Certainly," {said} {b}, "we shall [begin|start] with your room tomorrow." But
        then {he_b} laughed, and [opened|unbolted] the door.""",
        "[Tomorrow|A plan] is a house without a [roof|door].",
    ),
    Plot(
        "The {Na} at the Well",
        {"a": "strong large", "b": "small patient"},
        """The [well|spring] {place} had run dry, and {friends} stood round it, lamenting. "I will [force|command] it,"
        {said} {a}, and struck the ground so hard that the [fence|wall] fell down. No water came. {B} said nothing, but
        began to dig with {his_b} tiny feet. "You will be at it until [Christmas|you are grey]," {laughed} {a}. {B} dug
        for {number} days, and slept in the hole at night. One [morning|evening] there was a [gurgle|trickle], and then
        a [spring|little fountain] as [clear|cold] as glass. {A} drank for a long time, because the strong are often
        {very} thirsty. "How did you [find|make] it?" {he_a} {asked}. "It was always there," {said} {b}. "It only
        wanted [a door|to be asked politely].\"""",
        "[Small blows in one place|Many small strokes] do more than one [great noise|thunderclap].",
        ("number",),
    ),
    Plot(
        "The {Na} and the {Nb} on the Ice",
        {"a": "proud walker", "b": "wise", "c": "small"},
        """[One frosty morning|In the first week of the frost|On a clear day in January|Shortly after Christmas] {a}
        wished to cross the frozen lake. "The ice is [thin|young]," {said} {b}, who had lived there for {number}
        winters. "Ice knows its betters," {said} {a} {proudly}, and stepped out. In the middle there was a crack like a
        [whip|pistol], and {a} sat up to the neck in cold water. {B} said not a word about it, but lay flat, sent {c}
        ahead with a [branch|rope], and together they pulled {him_a} out. "You might have told me twice," {sighed} {a},
        with icicles on {his_a} chin. "I might," {said} {b}, "but the [lake|ice] was going to tell you anyway.\"""",
        "Good advice is [cheap on the shore and dear in the water|lighter to carry than a wet coat].",
    ),
    Plot(
        "The {Na} Who Counted Too Soon",
        {"a": "greedy walker", "b": "-greedy"},
        """{A} was carrying {treat} to market on {his_a} head, and talked to {self_a} on the way. "For this I shall get
        a [penny|florin]. With that I shall buy {number} eggs, from the eggs I shall have hens, and for the hens a
        [cow|mill|carriage]. Then {friends} will have to bow to me, like this." And {he_a} bowed. Down fell
        {the_treat}, and rolled into the [gutter|ditch]. {B}, who had been walking behind, helped to [pick up|sweep up]
        what could be saved. "How much have I lost?" {asked} {a}. "[One supper|A lunch]," {said} {b}, "and {number}
        eggs, some hens and a cow that you never had. I should [mourn|weep] only for the first.\"""",
        "[Do not bow before|Never take off your hat to] the fortune that is still on your head.",
        ("treat", "number"),
    ),
    Plot(
        "The {Na} in the Hay",
        {"a": "-grazer -small walker", "b": "large grazer patient", "c": "small"},
        """{A} had made a bed in the [manger|hay rack], and when {b} came home [from work|in the evening|from the
        fields], {a} [snapped|growled|hissed] at {him_b}. "This is mine." "Do you eat hay?" {asked} {b}. "No," {said}
        {a}, "I prefer {food_a}. But I like to see you want it." {B} was {very} tired and did not [argue|quarrel];
        {he_b} lay down in front of the door instead, which was the only one, and fell asleep. {soon} {a} grew hungry,
        and could not get out. "Move!" {cried} {a}. "I do not [need|want] the door tonight," {said} {b}, "but I
        [like|begin to enjoy] lying here." {C}, in the rafters, {laughed} until the [dust|cobwebs] fell down.""",
        "Who keeps from others what [is no use to him|he cannot eat] will be [kept|shut in] with it.",
    ),
    Plot(
        "The {Na}'s Apology",
        {"a": "proud", "b": "small timid", "c": "wise"},
        """{A} missed {treasure}, and as {b} had been seen near the {home_a}, {he_a} told {friends} that {b} was a
        thief. Nobody would [play|speak|share bread] with {b} that whole week, and {he_b} sat {place}, [weeping|alone].
        Then {a} found {the_treasure} under {his_a} own pillow. "I will apologise when [it is dark|nobody is about],"
        {he_a} {said}. "You accused {him_b} in the market," {said} {c}, "at noon, in a [loud|clear] voice. Whisper what
        you like, but [return|give back] what you took in the same place." So {a} stood on a barrel and {cried}, "I was
        wrong!" It was the hardest thing that {he_a} had ever [lifted|said], and {b} was the first to
        [clap|applaud].""",
        "[A wrong done in the street cannot be mended in the cellar|Who slanders by daylight must not "
        "apologise by night].",
        ("treasure",),
    ),
    Plot(
        "The {Na} and the Seed",
        {"a": "small", "b": "greedy", "c": "patient"},
        """In the hungry spring {a}, {b} and {c} each found a [single|last] grain of [corn|wheat|barley]. {B} ate
        {his_b} grain at once, and was [hungry|empty] again by noon. {A} hid {his_a} grain {place}, and guarded it day
        and night, until it was [mouldy|dust]. {C} put {his_c} grain into the earth and [watered|weeded] the place.
        "You have lost it," {laughed} {b}. But in the summer there stood {number} ears, and {c} [shared|divided] them
        with both. "What is the secret?" {asked} {a}. "You must let go of it," {said} {c}, "at the right
        [moment|season], in the right [place|ground].\"""",
        "What we [eat|swallow] is gone, what we [hide|lock away] spoils, and what we [sow|give to the earth] "
        "comes back.",
    ),
)
