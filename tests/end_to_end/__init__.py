"""From a feed to a person, through real parts."""
