"""Who appears in the fables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Animal:
    """An animal, where it lives, what it likes to eat, and what it is like: words that plots ask for.

    `sex` is m or f where the name says it, else empty.
    """

    name: str
    home: str
    food: str
    traits: frozenset[str]
    sex: str = ""


def _cast(lines: str) -> tuple[Animal, ...]:
    rows = [[cell.strip() for cell in line.split(",")] for line in lines.strip().splitlines()]
    return tuple(Animal(row[0], row[1], row[2], frozenset(row[3].split()), *row[4:]) for row in rows)


# Name, home, food, traits. hunter: eats the small ones; flier, walker, swimmer: how it gets about.
CAST = _cast(
    """
    fox, den, fat geese, hunter sly walker quick
    wolf, lair, mutton pie, hunter fierce walker greedy
    lion, cave, roast beef, hunter proud strong large walker
    bear, cave, wild honey, strong large greedy walker slow hunter
    lynx, hollow, young rabbits, hunter quick sly walker
    leopard, thicket, venison, hunter proud quick vain walker
    jackal, burrow, cold leftovers, hunter sly greedy walker
    weasel, hole under the barn, stolen eggs, hunter sly quick walker
    cat, basket by the stove, cream, hunter sly vain walker quick
    hawk, nest on the cliff, careless mice, hunter proud quick flier
    eagle, crag, mountain trout, hunter proud strong large flier
    owl, hollow elm, midnight mice, hunter wise flier
    stork, nest on the chimney, frogs' legs, hunter patient flier large wise
    heron, reed bed, little fishes, hunter patient flier vain
    crocodile, mud bank, anything that moves, hunter strong large greedy slow swimmer
    snake, heap of stones, warm eggs, hunter sly patient
    hare, form in the clover, young cabbages, quick timid proud walker grazer vain
    rabbit, warren, carrots, quick timid small walker grazer
    mouse, hole behind the clock, cheese rinds, small timid busy walker
    dormouse, nest of moss, hazelnuts, small idle timid walker
    shrew, tunnel, beetles, small busy walker fierce
    mole, cellar, earthworms, small patient busy slow walker
    squirrel, drey, acorns, small busy quick walker
    hedgehog, pile of leaves, windfall apples, small patient slow walker wise
    tortoise, shell, lettuce, slow patient wise walker grazer
    snail, shell, wet leaves, slow patient small
    frog, pond, gnats, small vain singer swimmer
    toad, cool cellar, slugs, slow wise small swimmer
    ant, hill of pine needles, crumbs, small busy patient
    bee, hive, clover honey, small busy flier
    cricket, crack in the hearth, toast crumbs, small singer idle
    grasshopper, tall grass, sweet clover, small singer idle
    beetle, rotten log, old bark, small slow proud
    spider, web in the window, flies, small patient sly busy
    goat, shed, thistles, proud walker grazer greedy large
    sheep, fold, meadow grass, timid walker grazer
    ram, hillside, meadow grass, proud strong walker grazer large, m
    donkey, stable, oats, patient slow strong walker grazer large
    mule, stable, barley, proud strong walker grazer large
    ox, byre, hay, strong patient slow large walker grazer
    cow, byre, buttercups, patient slow large walker grazer, f
    horse, stable, sweet oats, proud quick strong large walker grazer
    stag, beech wood, tender shoots, proud vain quick large walker grazer, m
    camel, tent of the merchant, dry dates, patient proud strong large walker grazer
    elephant, grove, sugar cane, strong wise large slow walker grazer
    pig, sty, turnips, greedy idle walker large
    boar, oak wood, truffles, fierce strong greedy walker large, m
    dog, kennel, marrow bones, busy walker strong
    monkey, fig tree, figs, sly vain quick walker
    badger, sett, bluebell bulbs, patient wise busy walker
    otter, river bank, trout, quick idle swimmer walker
    beaver, dam, willow bark, busy patient swimmer walker
    crow, ragged pine, bacon rind, sly vain flier singer
    raven, ruined tower, old bones, wise sly flier
    magpie, thorn bush, cherries, sly vain greedy flier
    jay, oak, acorns, vain quick flier
    peacock, terrace, sugared almonds, vain proud walker large, m
    swan, lake, water weed, proud vain swimmer flier large
    goose, farmyard, barley corn, proud timid walker grazer
    duck, mill pond, duckweed, idle swimmer flier
    hen, coop, yellow corn, timid busy walker, f
    cock, dunghill, yellow corn, proud vain singer walker, m
    turkey, farmyard, chestnuts, proud vain greedy walker
    pigeon, loft, dried peas, timid flier
    sparrow, gutter, bread crumbs, small busy flier
    wren, ivy, tiny spiders, small busy singer flier
    robin, garden hedge, mealworms, small proud singer flier
    lark, furrow, poppy seed, small singer flier
    nightingale, hazel thicket, glow-worms, small singer flier
    cuckoo, other birds' nests, hairy caterpillars, idle sly flier
    starling, church roof, elderberries, singer vain flier small
    swallow, eaves, midges, quick flier small busy
    bat, belfry, moths, timid flier small
    crab, rock pool, seaweed, proud slow swimmer
    pike, deep pool, minnows, fierce greedy swimmer
    carp, lily pond, bread, wise slow swimmer patient
    tiger, jungle pool, wild boar, hunter fierce strong large walker
    marten, hollow beech, pigeon eggs, hunter fierce quick sly walker
    ferret, drainpipe, meat pies, hunter fierce small quick walker
    lizard, crack in the wall, ants, small quick vain idle
    newt, mossy trough, tadpoles, small wise swimmer slow
    porcupine, hollow log, sweet potatoes, slow patient walker
    gazelle, dry river bed, acacia leaves, quick timid vain walker grazer
    giraffe, acacia grove, tender leaves, proud patient large walker grazer
    buffalo, swamp, rushes, strong fierce large walker grazer
    ladybird, rose bush, greenfly, small wise flier vain
    moth, wardrobe, woollen stockings, small timid flier
    caterpillar, cabbage, cabbage leaves, small greedy slow
    woodpecker, pine trunk, grubs, busy flier proud
    kingfisher, sandy bank, sticklebacks, quick vain flier
    partridge, barley field, groundsel, timid flier busy
    pheasant, covert, beech nuts, vain proud flier
    finch, apple tree, thistle seed, small singer flier busy
    crane, marsh, cranberries, patient wise large flier
    seal, sand bank, herrings, idle swimmer large greedy
    walrus, ice floe, clams, slow idle swimmer large proud
    penguin, pebble beach, sardines, vain walker swimmer
    pelican, harbour wall, mackerel, greedy patient large flier
    gull, masthead, ship's biscuits, greedy flier quick
    flamingo, lagoon, shrimps, vain proud large flier
    ostrich, sand dune, cactus, quick proud large walker grazer
    parrot, gilded cage, pistachios, vain singer flier
    vulture, dead branch, scraps, patient hunter flier large
    falcon, castle tower, plump larks, hunter proud quick flier
    hyena, gully, gristle, hunter greedy fierce walker
    panther, canopy, antelope steaks, hunter quick vain walker
    polecat, culvert, chicken wings, hunter sly walker
    chamois, glacier, lichen, quick timid walker grazer
    reindeer, tundra, moss, patient strong large walker grazer
    llama, terrace in the mountains, maize, proud patient large walker grazer
    zebra, savannah, dry stalks, vain quick large walker grazer
    antelope, plain, herbs, quick timid walker grazer
    rhinoceros, waterhole, brambles, strong fierce slow large walker grazer
    hippopotamus, lukewarm river, water lilies, strong large slow idle swimmer
    kangaroo, eucalyptus wood, shoots, quick walker grazer large
    hamster, sawdust bed, sunflower seeds, small busy greedy walker
    vole, riverside tunnel, sedge roots, small timid busy walker
    cockroach, pantry, pastry, small sly quick
    wasp, attic, overripe damsons, small fierce flier
    dragonfly, bulrush, mosquitoes, quick vain flier
    butterfly, buddleia, nectar, vain small flier idle
    earwig, flowerpot, marigolds, small busy
    firefly, hedgerow, dew, small vain flier
    lobster, sunken trunk, mussels, proud slow swimmer fierce
    eel, muddy ditch, roe, sly quick swimmer
    salmon, rapids, mayflies, proud strong swimmer quick
    perch, weedy bay, leeches, patient swimmer small
    """
)
