"""Plots in which somebody is tricked, or tries to trick."""

from gendesk.data.text.fables_plots import Plot

TRICKS = (
    Plot(
        "The {Na}, the {Nb} and the Echo",
        {"a": "vain", "b": "wise"},
        """{time} {a} stood {place} and {cried}, "Who is the [finest|fairest|grandest] of all?" From the
        [rocks|cliff|far bank] came the answer, "Of all!" [Delighted|Enchanted|Much flattered], {he_a} told {friends}
        that the mountain itself admired {him_a}. "Ask it something else," {said} {b}. So {a} {asked}, "Who is a
        {fool}?" and a voice {said} just as clearly, "A {fool}!" {A} [sulked|said no more|hid {his_a} face] until
        [supper|nightfall|Sunday], and {b} {said} that mountains had always been honest.""",
        "[Praise|Applause] that we [order ourselves|shout for] is only our own voice coming [home|back].",
        ("fool",),
    ),
    Plot(
        "The {Na} Who Sold the Moon",
        {"a": "sly", "b": "greedy -sly"},
        """{time} {a} found the moon [floating|lying|shining] in a [pond|well|water butt]. {B} came by.
        "[Neighbour|Friend|Cousin]," {said} {a}, "this [silver cheese|great cheese] is mine, but for {treat} you may
        have it." {B} paid at once, [waded|climbed|leapt] in, and [grasped|snatched|bit] at the light until {he_b} was
        wet to the ears. "It [breaks|slips away] when I touch it!" {cried} {b}. "[Be patient|Wait a while]," {laughed}
        {a} with {his_a} mouth full, "it grows [whole|firm] again as soon as you [go home|stand still]." And so it did,
        and {b} is [guarding|watching] it still, [shivering|sneezing] every night.""",
        "[He who buys|Whoever buys] what [shines|glitters] should first [ask|see] whether it can be [carried "
        "home|held].",
        ("treat",),
    ),
    Plot(
        "The {Na} in the Ditch",
        {"a": "sly", "b": "strong large -sly", "c": "wise"},
        """{A} had fallen into a deep ditch {place} and could not get out. [By and by|Presently] {b} looked over the
        edge. "What are you doing down there?" {he_b} {asked}. "Have you not heard?" {cried} {a}. "The sky will fall
        [today|at noon|before dinner], and only those in ditches will be [spared|safe]." {B} was about to jump, when
        {c} {said} {kindly}, "If the sky falls into the ditch, it will land on both of you. [First|Let us first] see
        what it does to {a}." {B} sat down to wait, and {a} had to sigh and ask for a rope, like [anybody else|an
        honest creature].""",
        "[Those|They] who need a ladder often [preach|praise] the beauty of the pit.",
    ),
    Plot(
        "The {Na} and the Empty Sack",
        {"a": "sly", "b": "busy"},
        """In autumn {a} went from door to door with a [bulging|heavy|well tied] sack. "I have more [nuts|corn|beans]
        than I can eat," {he_a} told {b}. "Lend me {treat} for tonight, and you shall have [double|twice as much] in
        the morning." {B} had spent the day {chore}, and was {very} tired, but {he_b} {asked} to [lift|hold] the sack
        for a moment. It weighed no more than a [feather|leaf], for it was stuffed with [thistledown|dry leaves|straw].
        "You may have {the_treat}," {said} {b}, "as soon as you have [eaten|sold|boiled] half of what is in there." {A}
        was never seen in that [lane|street|village] again.""",
        "Before you [trust|believe] a full sack, [feel its weight|lift it].",
        ("treat", "chore"),
    ),
    Plot(
        "The {Na} Doctor",
        {"a": "hunter sly", "b": "small timid", "c": "small -hunter"},
        """{A} put on a pair of spectacles, hung up a sign {place}, and called {self_a} a doctor. {time} {b} came with
        a cough. "Step inside," {said} {a} {kindly}, "I must [listen to|examine] you where it is dark." But {b} had
        noticed the floor. "I see [feathers|tufts of fur|tiny shoes] by your bed," {he_b} {said}, "but no patient who
        has [gone home|got well]. Tell me, doctor, what did you prescribe?" "Rest," {said} {a}, and licked {his_a}
        lips. "Thank you," {cried} {b}, "I feel [much better|cured] already!" And {he_b} ran to tell {c}, who had a
        [toothache|headache|sore foot] and was just [putting on|brushing] {his_c} hat.""",
        "[Judge|Choose] a doctor by [the patients who return|those who leave by the door].",
    ),
    Plot(
        "The {Na}, the {Nb} and the Shadow",
        {"a": "small -hunter -flier", "b": "hunter fierce walker"},
        """{B} had [caught|cornered] {a} {place}, just as the sun was going down. "Wait," {said} {a}. "It is [bad
        manners|unlucky] to eat before my brother arrives. There he stands behind me." {B} looked, and there on the
        wall was a shadow [as tall as a barn|with teeth like spades|as long as the street], for the evening light makes
        giants of us all. When {a} lifted an arm, the giant lifted his. "I have just [remembered|recalled] an
        [errand|aunt]," {said} {b}, and went off slowly at first, and then {very} fast. {A} bowed to the wall, and the
        wall bowed back.""",
        "[Wit|A cool head] has a longer shadow than [strength|teeth].",
    ),
    Plot(
        "The Feast of the {Na}",
        {"a": "greedy", "b": "patient", "c": "-greedy -sly"},
        """{A} invited {b} and {c} to a feast, and asked each to bring the [dish|course] that {he_a} lacked. {B}
        brought {treat}, and {c} brought a salad of {fruit}. When they came to the table, {a} had brought nothing but
        {his_a} appetite. "I supply the [good company|conversation]," {he_a} {said}, and reached for a plate.
        "[Excellent|Splendid]," {said} {b}. "Then {c} and I will [eat|enjoy] what we brought, and you shall
        [swallow|enjoy] what you brought." So the two guests dined well {place}, while {a} talked until {his_a}
        [throat|voice] was dry, and {friends} [laughed|heard of it].""",
        "Who brings [only words|nothing] to the table must not expect to [leave it full|be served more].",
    ),
    Plot(
        "The {Na} and the Honest Scales",
        {"a": "sly", "b": "patient -sly", "c": "-sly"},
        """{B} and {c} found {treat} {place} and could not agree how to share it. {A} offered to be judge and fetched a
        pair of scales. One half was heavier, so {he_a} bit a piece off. Then the other was heavier, and {he_a} bit
        again, [sighing|shaking {his_a} head] over {his_a} hard duty. "Stop!" {cried} {b} at the third bite. "I see
        that your scales weigh truly, for with every bite the judge grows heavier." {He_b} [took|pushed] the larger
        piece to {c} and kept the smaller, and both were [content|satisfied]. {A} went home and {sighed} that
        [justice|law] was no longer what it used to be.""",
        "When two quarrel over a [meal|crust], the third one [dines|grows fat].",
        ("treat",),
    ),
    Plot(
        "The {Na} Who Wore a Crown",
        {"a": "vain", "b": "hunter", "c": "small -hunter"},
        """{A} found a [paper|tin|cardboard] crown {place} and put it on. "I am the {office} now," {he_a} told
        {friends}, and they politely brought {him_a} {fruit}. {soon} {b} came by, {very} hungry. "Everyone else has
        fled," {said} {b}, "but you are easy to [find|see], with that [bright|shining] thing upon your head." {A} ran,
        but the crown [rattled|glittered] wherever {he_a} hid. "[Throw it|Hang it] on a [thorn|bramble|branch]!"
        {cried} {c} from a hole. {A} did so, and while {b} was [stalking|creeping up on] the crown, the {office} got
        safely home without it, {very} [pleased|glad] to be nobody.""",
        "[Those|They] who wish to be [seen by all|admired by everyone] are [seen|found] by their enemies, too.",
        ("office",),
    ),
    Plot(
        "The {Na} and the Scarecrow",
        {"a": "flier -hunter", "b": "flier wise"},
        """For a whole [month|summer] {a} had not dared to enter the [orchard|vineyard|cherry garden], because a
        [tall|ragged] man with a hat stood in it. "He is the owner," {he_a} {said}, "and he never sleeps." {time} {b}
        settled on the hat and began to [preen|sing|look round]. "Come [away|back], or he will kill you!" {cried} {a}.
        "He has stood here since [Easter|May] with his arms out," {said} {b}, "and he has not once scratched his nose.
        [Nobody|No living man] can do that." After this {a} ate {fruit} every day, and built a nest in the [left|right]
        pocket.""",
        "[Look closely at|Walk round] what you fear: [often|sometimes] it is stuffed with straw.",
    ),
    Plot(
        "The {Na}, the {Nb} and the Two Bowls",
        {"a": "sly -small", "b": "flier wise"},
        """{A} invited {b} to supper, and served thin soup on a flat [slate|stone], so that {b} could only [wet|dip]
        {his_b} beak while {a} licked up all of it. "You eat so little!" {said} {a}. {B} thanked {him_a} {kindly}, and
        asked {him_a} to come [on Thursday|the next evening|a week later]. This time the dinner was a story: {b} told
        of {treat}, of {treat}, and of {treat}, until {a} [drooled|was faint with hunger]. "But where is the
        [food|dinner] itself?" {cried} {a}. "I saw you [enjoy|praise] mine last time without my eating any," {said}
        {b}, "so I have [cooked|served] you the same.\"""",
        "A [host|joker] must expect to be paid in [the same|his own] coin.",
    ),
    Plot(
        "The {Na} and the Talking Gate",
        {"a": "hunter walker", "b": "small", "c": "small -hunter"},
        """Every evening {a} hid behind a gate {place} and waited for {b} to come home. {B} had seen the tip of a tail,
        so {he_b} stopped a few steps off. "Good evening, gate!" {he_b} {cried}. There was no answer. "How odd," {said}
        {b} aloud to {c}. "It always greets me. If it is [silent|dumb] tonight, there must be something [wrong|wicked]
        behind it." {A} thought for a moment. "Good evening," {he_a} {said}, as much like a gate as {he_a} could. {B}
        and {c} laughed so [loudly|hard] that the [farmer|miller|watchman] came with a stick to see what was
        [amusing|funny].""",
        "[A liar|Deceit] cannot resist [answering|being clever] where [silence|keeping still] would be wiser.",
    ),
    Plot(
        "The {Na} Who Was Everywhere",
        {"a": "slow patient", "b": "quick proud"},
        """{B} mocked {a} for {his_a} [slow|heavy] step until {a} offered to race {him_b} round the
        [lake|hill|village]. {time} {friends} came to watch. {B} was out of sight in a moment, but at the first corner
        {he_b} saw someone just like {a} sitting {place}, [chewing|eating] {fruit}. {He_b} ran [harder|faster]. At the
        next corner there was another. By the third {b} had no breath left and {sighed}, "However did you
        [pass|overtake] me?" "I never moved," {said} {a}. "I have [two|three] brothers, and we are a [close|loving]
        family. You were so [busy|proud of] running that you did not stop to [ask our names|look at our faces].\"""",
        "[Speed|Pride] sees [everything|the whole road] except what stands beside it.",
    ),
)
