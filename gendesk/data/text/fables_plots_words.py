"""Plots in which talk is everything: boasts, secrets, riddles, councils and promises."""

from gendesk.data.text.fables_plots import Plot

TALKS = (
    Plot(
        "The Secret of the {Na}",
        {"a": "timid", "b": "vain", "c": "-vain"},
        """{A} had found {treasure} {place} and told only {b}, who swore to be as silent as a [stone|fish|grave]. {B}
        told it to nobody but [a cousin|the barber], who told nobody but the [baker|miller], and by evening {friends}
        came to dig. "You [promised|swore]!" {cried} {a}. "I kept your secret," {said} {b}. "I only had to [put it
        down|set it aside] for a moment, it was so heavy." When the next treasure turned up, {a} told it to {c}, who
        {asked} {kindly}, "Can you keep a secret?" "Yes," {said} {a}. "So can I," {said} {c}. "Then let us each keep
        our own.\"""",
        "[A secret is a bird: open the hand a little and it is gone|What two know is water in a sieve|No lock"
        " keeps in what has once been whispered].",
        ("treasure",),
    ),
    Plot(
        "The {Na} Who Knew Everything",
        {"a": "proud", "b": "small", "c": "hunter"},
        """{A} had [read|seen|owned] a book once, and since then {he_a} explained the world to {friends}.
        "[Thunder|Snow|Fog]," {he_a} {said}, "is made by [millers|giants|old women], and the earth rests on a cheese."
        "And on what does the cheese rest?" {asked} {b}. "On [another|a larger] cheese." At that moment {c} came round
        the corner, and everyone ran but {a}, who began to explain that {c} could not be there [on a Monday|at that
        hour|in such weather]. [It was a short lecture|The lesson ended early]. "I knew it," {sighed} {a} later,
        [counting|rubbing] {his_a} bruises, "but {c} had not [read|understood] the book.\"""",
        "[To know what the danger is called|Learning] is no use to those who [do not run|forget to look up].",
    ),
    Plot(
        "The {Na}, the {Nb} and the Bell",
        {"a": "small -wise", "b": "hunter quick", "c": "wise -hunter"},
        """Because {b} had eaten {number} [frogs|ducklings|field mice] that month, the small creatures held a council
        {place}. "Let us [post a guard|build a wall|write a letter]," {said} some. {A} climbed upon a [mushroom|bucket]
        and {cried}, "Let us tie a bell to {b}, and we shall always hear {him_b} coming!" They
        [cheered|clapped|stamped], and voted, and {a} was made {office}. Then {c}, who was {very} old, {asked} who was
        going to tie it on. It grew so quiet that one could hear the [grass|dust] settle. And in that quiet they heard
        {b}, who [had voted for the bell, too|was laughing behind the hedge].""",
        "[A plan|Advice] is worth as much as the one who will [carry it out|hold the string].",
    ),
    Plot(
        "The {Na}, the {Nb} and the Riddle",
        {"a": "hunter strong", "b": "small"},
        """{A} caught {b} {place} and {said}, "I have dined already. Ask me a riddle, and if I cannot [solve|guess] it
        by morning, you may go." {B} thought of {his_b} [home|children|warm bed] and {asked}, "What grows when you
        [give it away|share it], and dies when you keep it?" All night {a} walked up and down. "[Bread|Gold|Grass]? A
        [crown|hole]?" At dawn {he_a} gave up and let {him_b} go. "But tell me the answer." "It is
        [joy|kindness|happiness]," {said} {b} from a safe [branch|crack|distance], "and you have just made some." {A}
        was {very} [puzzled|astonished] to find that it was true.""",
        "Those who [never give|live alone with their strength] cannot guess the simplest riddles.",
    ),
    Plot(
        "The {Na} and the {Nb}'s Song",
        {"a": "hunter -singer", "b": "singer", "c": "small"},
        """{A} had {b} under {his_a} paw and was opening {his_a} mouth. "It is a pity," {said} {b}, "that nobody will
        ever hear my [last|new|best] song." "How does it go?" {asked} {a}, who was fond of music. "It is {very} soft.
        You must [close your eyes|lie down], or you will miss the high notes." {A} did so, and {b} sang about summer,
        and about a [road|river] without an end, each [verse|line] a step farther off, until the song came from the top
        of a [poplar|chimney|haystack]. "[Lovely|Charming]," {sighed} {a}. "And how does it end?" "[Well|Happily],"
        {said} {b}, "for me.\"""",
        "[Dinner first and music afterwards, said the old hunters|Who shuts both eyes for a song must be "
        "ready to miss supper].",
    ),
    Plot(
        "The {Na} Who Promised Too Much",
        {"a": "proud", "b": "patient", "c": "sly"},
        """When the old {office} died, {friends} met {place} to choose another. {A} promised every one of them {treat},
        and {c} promised two. "And what do you promise?" they asked {b}, who was busy {chore}. "To [finish|get on with]
        this," {said} {b}, without looking up. They laughed and chose {a}, who bought a {fine} hat and slept. {soon}
        the roof leaked, the [mill|pump|clock] stood still, and of the promised [dishes|presents] nobody saw a crumb.
        So they went to find {b}, who had meanwhile finished, and had [begun|started] on [their roof|the mill|the
        bridge].""",
        "[Choose|Trust] those who [are already working|have dirty hands] when you [ask|come to ask] them.",
        ("office",),
    ),
    Plot(
        "The {Na} and the {Nb} Who Weighed a Promise",
        {"a": "idle", "b": "wise", "c": "busy"},
        """{A} borrowed {treat} from {c} and promised to return it on [Monday|the first of May]. On that day {he_a} had
        a [cold|visitor|sad dream]; later the moon was wrong; and after that {he_a} could not find {his_a} hat. At last
        {c} went to {b}, who was the judge there, and {b} had a pair of scales brought {place}. "Put your promise on
        the one side," {he_b} told {a}, "and on the other I shall put a {light}." {A} {laughed}, opened {his_a} paw and
        laid down nothing. The scale with the {light} sank to the ground, and everybody [saw it|understood]. That same
        night {c} found two of everything on the [doorstep|window sill].""",
        "A promise weighs nothing until it is kept.",
        ("treat", "light"),
    ),
    Plot(
        "The Two Friends and the {Nc}",
        {"a": "quick -large", "b": "slow", "c": "hunter large strong"},
        """{A} and {b} swore to share good days and bad ones, and set out together to see the [sea|city|world]. {time}
        {c} stepped into the road. {A} was up a [tree|wall|rock] in a moment. {B}, who was never quick, lay down and
        held {his_b} breath. {C} sniffed at {him_b} from head to foot, whispered something, and went away, for the dead
        are dull company. "What did {c} say to you?" {asked} {a}, coming down with a [cough|laugh]. "[Only|Just] a word
        about travel," {said} {b}. "That one should [choose|weigh] one's friends before the first [bend|bridge], and
        not after it.\"""",
        "[Danger|A bad day] is the scale on which friends are weighed.",
    ),
    Plot(
        "The {Na} Who Taught the {Nb}",
        {"a": "slow -hunter -wise", "b": "small quick"},
        """"You [hop|walk|move] all wrong," {said} {a} to {b}. "A creature of [taste|breeding] goes with small steps,
        chin up, and [thinks|pauses] at each." {B} was young, and tried. {He_b} stumbled over a root and fell into a
        [puddle|nettle bush]. "[Again|Chin up]," {said} {a}. At that moment a [cart|coach|wagon] came down the road.
        {B} forgot the lesson, and was over the [ditch|hedge] in three leaps. {A} took a small step, raised {his_a}
        chin, and thought, and the wheel took away [the heel of {his_a} shoe|the brim of {his_a} hat|half of {his_a}
        coat]. "That is how I [walk|move]," {said} {b} {kindly}, "when I walk wrong.\"""",
        "Nobody [goes|runs|dances] well on borrowed feet.",
    ),
    Plot(
        "The {Na}'s Mirror",
        {"a": "vain", "b": "patient", "c": "-vain"},
        """{A} was given a mirror, and from that day on {he_a} had no time for anything else. When {b} came to ask for
        help with {chore}, {a} was [combing|studying] {his_a} left side. When {c} came with {treat}, {a} did not turn
        round. "I am in the best of company," {he_a} {said}. One [windy|dry|dark] night the house caught fire, and the
        smoke [blackened|covered] the glass. {A} rubbed it and saw no one. "Help!" {he_a} {cried}, and now {he_a}
        turned round: behind {him_a}, where [they|friends] had stood so often, {b} and {c} were already carrying
        [water|buckets]. The mirror [cracked|broke]; nobody [missed|mended] it.""",
        "[Who is in love with|Whoever lives for] a mirror has [only himself|nobody else] for company.",
    ),
    Plot(
        "The {Na} Who Predicted the Weather",
        {"a": "singer", "b": "wise", "c": "busy"},
        """"It will rain tomorrow," {said} {a} {proudly} every evening, and {friends} [nodded|marvelled|clapped]
        whenever it did. When it did not, {he_a} {said} that it had rained [elsewhere|behind the mountain]. {C} spread
        the hay to dry or left it, just as {a} ordered, and lost the half of it. {time} {b} {asked}, "How do you
        [know|do it]?" "I feel it in my [knees|left foot]," {said} {a}. "And which one is wet at present?" For a
        [cloud|shower] had come up behind {him_a} while {he_a} spoke, and the great prophet stood there [dripping|with
        a full hat], explaining that it was [not the rain that {he_a} had meant|a different rain].""",
        "He who [foretells|predicts] every day is right [now and then|on some days], like a clock that has stopped.",
    ),
    Plot(
        "Neither {Na} Nor {Nb}",
        {"a": "grazer large", "b": "hunter -flier", "c": "sly -large"},
        """In the war between those who [graze|eat grass] and those who [hunt|eat meat], {c} fought on no side. When
        {a} was winning, {he_c} [waved|chewed] a bunch of clover. When {b} was winning, {he_c} [gnawed|carried] a bone.
        "I was always with you in my heart," {he_c} told whoever came along. At last both were tired, and made peace
        {place} with a great [feast|dance]. "Sit with your own people," {said} {a} to {c}, and moved [up|closer]. "By
        all means," {said} {b}, "with your own." {C} looked along the two tables. There was no chair, and {he_c} ate
        {his_c} clover and {his_c} bone [outside|under the stairs].""",
        "A friend of [both sides|everyone] has no [chair|seat] at the [peace|feast of peace].",
    ),
    Plot(
        "The {Na}, the {Nb} and the Quarrel about the Sun",
        {"a": "proud flier", "b": "proud -flier", "c": "slow"},
        """"The sun comes up because I [call|sing]," {said} {a}. "Nonsense," {said} {b}. "It comes up to [look at|warm]
        me." They argued {place} so long that {c} proposed a test: one [morning|day] neither of them was to do anything
        at all. So {a} kept {his_a} beak shut, {b} hid in {his_b} {home_b}, and {c} went on with {chore}. The sun rose
        a little [redder|earlier] than usual, as if it had slept {very} well. "It must have [remembered|heard] me from
        yesterday," {said} {a}. "It was looking [for me|for where I was]," {said} {b}. {C} {sighed}, and [turned|moved]
        a little, so as to have it on {his_c} back.""",
        "The sun needs no master, and vanity needs no [proof|evidence|morning].",
        ("chore",),
    ),
    Plot(
        "The {Na} and the Wise {Nb}",
        {"a": "greedy", "b": "wise", "c": "small"},
        """{A} asked {b} how to become rich. "Give away one thing each morning," {said} {b}, "for {number} days." On
        the first day {a} gave {c} a [crust|bent nail|button], and grumbled. {C} brought {him_a} {fruit} in return. On
        the second {he_a} gave away an old [hat|kettle|boot], and somebody mended {his_a} fence. In the end {he_a} went
        out of the {home_a} with {treasure}, looked for someone to give it to, and found {friends} at the gate, who had
        come to [ask after|sing for] {him_a}. "I have nothing left," {he_a} told {b}, "and yet I want for nothing. When
        shall I be rich?" "[Count again|Look round]," {said} {b}.""",
        "[Riches are counted by the doors that open to us|He is rich who is greeted by many at his own gate].",
    ),
)
