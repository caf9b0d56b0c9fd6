"""What is there to stay is not looked through for garbage."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from tocsin.steady import SELDOM, settle


class Node:
    """Something that can stand in a circle."""

    next: "Node"


def circle() -> "weakref.ref[Node]":
    node = Node()
    node.next = node
    return weakref.ref(node)


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    usual = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


def test_what_lives_is_settled_and_what_comes_later_is_still_collected() -> None:
    settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold() == SELDOM
    later = circle()
    gc.collect()
    assert later() is None


def test_garbage_of_an_earlier_set_up_goes_when_it_is_settled_anew() -> None:
    gc.disable()
    old = circle()
    gc.freeze()
    settle()
    gc.enable()
    assert old() is None
