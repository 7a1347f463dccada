"""Query code on PostgreSQL through Django and through `manage shell`: the recorded expressions and every
so-many-th of the generated ones give the same result, error and no more queries.

    ORM_EVERY=1 runs all that are generated; ORM_WORDS="lookup join" those whose ids have one of the words
"""
import atexit
import functools

import orm_beside
import orm_expressions
import school_postgresql
import suite


@functools.cache
def server():
    running = school_postgresql.Server()
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return running


def test_recorded_expressions_give_what_django_gives_on_postgresql():
    orm_beside.compare(server(), orm_beside.recorded())


def test_generated_expressions_give_what_django_gives_on_postgresql():
    suite.need_shared()
    orm_beside.compare(server(), list(orm_expressions.cases())[:: orm_beside.EVERY])


if __name__ == "__main__":
    suite.main(globals())
