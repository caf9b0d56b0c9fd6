"""The matcher: from a report to the subscriptions that want it, among very many, with reasons.

`facts` is what a query may look at; `features` turns facts into integers; `programs` and `clauses` compile formulas
over them; `index` finds candidates by the rarest of their clauses and checks them all at once; `matcher` joins these;
`verdicts` evaluates one formula slowly and `explain` says why.
"""
