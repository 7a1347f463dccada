"""Histories by chance: sets of models over three apps, and what somebody makes of them in one to six changes. The seed
is the scenario's name, so that one that differs can be looked at again.

SCENARIOS is {name: (before, after)} as in migration_changes.
"""
import copy
import random

from django.db import models
from django.db.migrations.operations import CreateModel

import migration_changes

COUNT = 300
APPS = ("a", "b", "c")
NAMES = ("Apple", "Bread", "Cheese", "Dill", "Egg", "Fig", "Garlic", "Honey", "Ice", "Jam")
SIMPLE = ("char", "text", "int", "big", "bool", "date", "datetime", "decimal", "float", "uuid", "url", "slug")


class World:
    """{(app, model): {"fields": {name: (kind, options)}, "options": {…}, "base": key or None}}"""

    def __init__(self, seed):
        self.random, self.models, self.count = random.Random(seed), {}, 0
        for _ in range(self.random.randint(2, 6)):
            self.add_model()
        for _ in range(self.random.randint(2, 10)):
            self.add_field()
        for _ in range(self.random.randint(0, 3)):
            self.change()

    def chance(self, of):
        return self.random.random() < of

    def tables(self):
        return [key for key, model in self.models.items() if not model["base"]]

    def some_model(self):
        return self.random.choice(self.tables())

    def fields_of(self, key):
        return self.models[key]["fields"]

    # ---- changes ----

    def add_model(self):
        taken = {name for _, name in self.models}
        free = [name for name in NAMES if name not in taken]
        if not free:
            return
        options = {}
        if self.chance(0.2):
            options["managed"] = False
        base = self.some_model() if self.models and self.chance(0.15) else None
        self.models[self.random.choice(APPS), self.random.choice(free)] = {
            "fields": {}, "options": {"proxy": True} if base else options, "base": base}
        if not base:
            self.add_field()

    def remove_model(self):
        keys = [key for key in self.models if not self.referred_to(key)]
        if len(self.tables()) > 1 and keys:
            del self.models[self.random.choice(keys)]

    def referred_to(self, key):
        return any(model["base"] == key or any(options.get("to") == key or options.get("through") == key for _, options in model["fields"].values())
                   for other, model in self.models.items() if other != key)

    def rename_model(self):
        free = [name for name in NAMES if name not in {name for _, name in self.models}]
        if not free:
            return
        old = self.some_model()
        new = old[0], self.random.choice(free)
        self.models = {new if key == old else key: model for key, model in self.models.items()}
        for model in self.models.values():
            model["base"] = new if model["base"] == old else model["base"]
            for _, options in model["fields"].values():
                for name in ("to", "through"):
                    if options.get(name) == old:
                        options[name] = new

    def add_field(self):
        kind = self.random.choice((*SIMPLE, "fk", "fk", "one", "many"))
        options = {}
        if kind in ("fk", "one", "many"):
            options["to"] = self.some_model()
            options["related_name"] = "+"
        if kind in ("fk", "one") or (kind != "many" and self.chance(0.3)):
            options["null"] = True
        if kind in SIMPLE and kind != "text" and self.chance(0.2):
            options["db_index"] = True
        self.count += 1
        self.fields_of(self.some_model())[f"f{self.count}_{kind}"] = kind, options

    def some_field(self, key):
        return self.random.choice(list(self.fields_of(key))) if self.fields_of(key) else None

    def used_in_options(self, key, name):
        options = self.models[key]["options"]
        return name in str([options.get(one) for one in ("unique_together", "ordering", "order_with_respect_to")])

    def remove_field(self):
        key = self.some_model()
        name = self.some_field(key)
        if name and not self.used_in_options(key, name):
            del self.fields_of(key)[name]

    def rename_field(self):
        key = self.some_model()
        old = self.some_field(key)
        if not old or self.used_in_options(key, old):
            return
        self.count += 1
        new = f"f{self.count}_{old.split('_')[1]}"
        self.models[key]["fields"] = {new if name == old else name: field for name, field in self.fields_of(key).items()}

    def alter_field(self):
        key = self.some_model()
        name = self.some_field(key)
        if not name:
            return
        kind, options = self.fields_of(key)[name]
        if kind in SIMPLE and self.chance(0.5):
            options["null"] = not options.get("null")
        elif kind in SIMPLE:
            options["verbose_name"] = f"name {self.random.randint(1, 9)}"
        else:
            options["to"] = self.some_model()

    def change_options(self):
        key = self.some_model()
        options, simple = self.models[key]["options"], [name for name, (kind, _) in self.fields_of(key).items() if kind in SIMPLE]
        keys = [name for name, (kind, _) in self.fields_of(key).items() if kind == "fk"]
        which = self.random.choice(("ordering", "unique_together", "order_with_respect_to", "verbose_name", "db_table", "managed"))
        if which in options and self.chance(0.5):
            del options[which]
        elif which == "ordering" and simple and "order_with_respect_to" not in options:
            options[which] = [self.random.choice(("", "-")) + self.random.choice(simple)]
        elif which == "unique_together" and len(simple) > 1:
            options[which] = {tuple(self.random.sample(simple, 2))}
        elif which == "order_with_respect_to" and keys and "ordering" not in options:
            options[which] = self.random.choice(keys)
        elif which == "verbose_name":
            options[which] = f"thing {self.random.randint(1, 9)}"
        elif which == "db_table":
            options[which] = f"table_{key[1].lower()}_{self.random.randint(1, 9)}"

    def change(self):
        self.random.choice((self.add_model, self.remove_model, self.rename_model, self.add_field, self.add_field, self.remove_field,
                            self.rename_field, self.alter_field, self.change_options, self.change_options))()

    # ---- as operations ----

    def field(self, kind, options):
        options = dict(options)
        to = options.pop("to", None)
        if to:
            make = {"fk": models.ForeignKey, "one": models.OneToOneField, "many": models.ManyToManyField}[kind]
            return make(".".join(to), **options, **({} if kind == "many" else {"on_delete": models.CASCADE}))
        cls, needed, _, _ = migration_changes.TYPES[kind]
        return cls(**needed, **options)

    def operations(self):
        made = []
        for (app, name), model in sorted(self.models.items(), key=lambda one: one[1]["base"] is not None):
            bases = (".".join(model["base"]),) if model["base"] else ()
            key = [] if bases else [("id", models.BigAutoField(primary_key=True))]
            fields = [(field, self.field(kind, options)) for field, (kind, options) in model["fields"].items()]
            made.append((app, CreateModel(name, [*key, *fields], options=copy.deepcopy(model["options"]), **({"bases": bases} if bases else {}))))
        return made


def scenario(seed):
    world = World(seed)
    before = world.operations()
    for _ in range(world.random.randint(1, 6)):
        world.change()
    return before, world.operations()


SCENARIOS = {f"by chance {seed}": scenario(seed) for seed in range(COUNT)}
