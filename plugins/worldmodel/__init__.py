"""World Models: a car that learns to drive in its own dream.

Importing this package makes its two racing environments known to gymnasium; `gymnasium.make` imports it by itself:

    gymnasium.make("gendesk.plugins.worldmodel:gendesk/CarRacing-v0")
    gymnasium.make("gendesk.plugins.worldmodel:gendesk/CarRacing64-v0", action_repeat=4, skip_zoom=True)

Neither gymnasium's physics nor pygame is imported before an environment is made.
"""

import gymnasium

# As in stock CarRacing-v3: 20 seconds, and what counts as solved.
MAX_STEPS, SOLVED = 1000, 900

for name, target in (("CarRacing", "same_pictures:CarRacing"), ("CarRacing64", "small_pictures:CarRacing64")):
    gymnasium.register(
        f"gendesk/{name}-v0", f"{__name__}.racing.{target}", max_episode_steps=MAX_STEPS, reward_threshold=SOLVED
    )
