"""The query language: what a person writes to say which news should ring.

`parse` makes a tree (`ast`), `check` gives names and lists their meaning, `binding` says which conditions speak of one
event, `structured` is the same tree in YAML, `lint` warns of what can hardly be meant. The grammar stands in `parser`.
"""
