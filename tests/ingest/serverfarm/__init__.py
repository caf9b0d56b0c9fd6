"""A farm of feeds on the loopback that behave as badly as real ones, in compressed time."""
