"""Assessment at the end of a class: questions, papers, checklists, who sits them, and what came of it.

The results end as scores through `courses.services.assessment`, the only writer of them.
"""
