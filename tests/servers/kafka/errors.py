"""What can go wrong with the Kafka of the tests."""


class KafkaUnavailable(Exception):
    """This machine cannot offer a Kafka; the message says why, in words for the person who runs the tests."""


class KafkaDidNotStart(Exception):
    """A broker was started and did not become ready; the message carries the end of its log."""
