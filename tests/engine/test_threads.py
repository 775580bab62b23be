"""Every thread keeps the number of cores that it was given, whatever other threads set later."""

import threading

import torch

from gendesk.engine.threads import available_cores, become_helper_thread, become_training_thread


def test_a_helper_that_comes_later_takes_no_core_from_the_training() -> None:
    seen: dict[str, int] = {}
    helper_is_set = threading.Event()
    training_is_set = threading.Event()

    def train() -> None:
        become_training_thread(2)
        training_is_set.set()
        helper_is_set.wait(10)
        torch.ones(1_000_000).sum()  # the first parallel operation comes after the helper has set its number
        seen["training"] = torch.get_num_threads()

    def help_out() -> None:
        training_is_set.wait(10)
        become_helper_thread()
        helper_is_set.set()
        seen["helper"] = torch.get_num_threads()

    threads = [threading.Thread(target=train), threading.Thread(target=help_out)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"training": 2, "helper": 1}


def test_training_takes_all_cores_unless_told_otherwise() -> None:
    taken: list[int] = []
    thread = threading.Thread(target=lambda: taken.append(become_training_thread()))
    thread.start()
    thread.join()
    assert taken == [available_cores()]
