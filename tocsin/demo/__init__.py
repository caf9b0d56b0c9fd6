"""The sample wire: loopback feeds in seven languages that gain items while you watch."""
