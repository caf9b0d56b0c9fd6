"""Real servers on the loopback: Slack, e-mail and feeds as the network would give them, with faults on demand."""
