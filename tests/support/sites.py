"""Small sites whose models are data: written as C, built, and run, again after each change.

    site = Site(folder, url)
    site.models["library"]["Author"] = Model(Field("name", "CharField", ".max_length = 60"))
    site.makemigrations(); site.build(); site.manage("migrate")
"""
import dataclasses
import os
import pathlib
import shutil
import subprocess

import school
import suite

FLAGS = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-O0"]
TYPES = {"CharField": "nu_str", "TextField": "nu_str", "EmailField": "nu_str", "SlugField": "nu_str", "DateField": "nu_date",
         "DateTimeField": "nu_datetime", "DecimalField": "nu_decimal", "BooleanField": "bool", "UUIDField": "nu_uuid",
         "ManyToManyField": "nu_many", "FloatField": "double"}
NUMBERS = {"bool": "nu_opt_bool", "int64_t": "nu_opt_int", "double": "nu_opt_float"}


@dataclasses.dataclass
class Field:
    name: str
    type: str
    options: str = ""
    to: str = ""  # of relations: the model's name

    def member(self):
        if self.type == "OrderWrt":
            return "int64_t _order"
        if self.to and self.type != "ManyToManyField":
            return f"{self.to}_ref {self.name}"
        kind = TYPES.get(self.type, "int64_t")
        return f"{NUMBERS.get(kind, kind) if '.null = true' in self.options else kind} {self.name}"

    def row(self, model):
        if self.type == "OrderWrt":
            return f"OrderWrt({model})"
        parts = [model, self.name, *([self.to] if self.to else []), *([self.options] if self.options else [])]
        return f"{self.type}({', '.join(parts)})"


class Model:
    def __init__(self, *fields, options="", proxy_of=None):
        self.fields, self.options, self.proxy_of = list(fields), options, proxy_of

    def find(self, name):
        return next(field for field in self.fields if field.name == name)

    def remove(self, name):
        self.fields.remove(self.find(name))

    def set(self, name, /, **changes):
        field = self.find(name)
        for key, value in changes.items():
            setattr(field, key, value)

    def declared(self, name):
        return f"NU_DECLARE_PROXY({name}, {self.proxy_of});" if self.proxy_of else f"NU_DECLARE_MODEL({name});"

    def struct(self, name):
        if self.proxy_of:
            return ""
        members = "".join(f"    {field.member()};\n" for field in self.fields)
        return f"struct {name} {{\n    NU_OBJECT({name});\n    nu_id id;\n{members}}};\n"

    def descriptor(self, app, name):
        rows = "".join(f"        {field.row(name)},\n" for field in self.fields)
        options = f"    {self.options.rstrip(',')},\n" if self.options else ""
        proxy = f" PROXY_OF({self.proxy_of})," if self.proxy_of else ""
        fields = f"    .fields = {{\n{rows}    }},\n" if rows else ""
        return f'const nu_model {name}_model = {{\n    MODEL({name}), .app_label = "{app}",{proxy}\n{options}{fields}}};\n'


def described():
    env = dict(os.environ, PKG_CONFIG_PATH=str(suite.RELEASE / "meson-uninstalled"))
    return subprocess.run(["pkg-config", "--cflags", "--libs", "nuages"], env=env, check=True, capture_output=True,
                          text=True).stdout.split()


def collected(app, folder, *arguments):
    """The tool's list of a folder's migrations; what subprocess.run() gives."""
    return school.run([suite.RELEASE / "src/tool/nuages", "collectmigrations", app, folder, *arguments],
                      {"LD_LIBRARY_PATH": str(suite.RELEASE)}, folder.parent)


class Site:
    """A folder with a program; `models` is {app: {name: Model}}."""

    def __init__(self, folder, url=None, apps=()):
        self.folder, self.models = pathlib.Path(folder), {app: {} for app in apps}
        self.url = url or f"sqlite:///{self.folder}/db.sqlite3"
        self.contrib, self.head = (), ""
        self.folder.mkdir(parents=True, exist_ok=True)

    def copy(self, folder, url=None):
        """The same site elsewhere, without its database."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
        other = Site(folder, url)
        other.models, other.contrib, other.head = self.models, self.contrib, self.head
        return other

    # ---- its source ----

    def write(self):
        header = ["#pragma once", "#include <nuages/auth.h>", "#include <nuages/cli.h>", "#include <nuages/migrations.h>",
                  "#include <nuages/nuages.h>", self.head]
        every = [(app, name, model) for app, models in self.models.items() for name, model in models.items()]
        every.sort(key=lambda one: one[2].proxy_of is not None)
        header += [model.declared(name) for _, name, model in every]
        header += [model.struct(name) for _, name, model in every]
        (self.folder / "models.h").write_text("\n".join(header) + "\n")
        (self.folder / "manage.c").write_text(self.main(every))

    def main(self, every):
        out = ['#include "models.h"\n']
        out += [model.descriptor(app, name) for app, name, model in every]
        for app, models in self.models.items():
            migrations = self.folder / app / "migrations/all.c"
            (self.folder / app).mkdir(exist_ok=True)
            out.append(f'#include "{app}/migrations/all.c"\n' if migrations.exists() else
                       f"static const nu_migration *const {app}_migrations[] = {{ NULL }};\n")
            listed = ", ".join(f"&{name}_model" for name in models)
            out.append(f'static const nu_app {app}_app = {{\n    .name = "{app}", .path = "{self.folder / app}",\n'
                       f"    .models = {{ {listed} }}, .migrations = {app}_migrations,\n}};\n")
        apps = ", ".join(f"&{app}_app" for app in (*self.models, *self.contrib))
        out.append('static const nu_settings settings = {\n    .secret_key = "for-this-test-only-0123456789abcdefghijklmnopqrst",\n'
                   f'    .installed_apps = {{ {apps} }},\n'
                   '    .databases = { Database("default", .engine = "sqlite3", .url_env = "DATABASE_URL") },\n};\n\n'
                   "int main(int argc, char **argv)\n{\n    return nu_main(argc, argv, &settings);\n}\n")
        return "\n".join(out)

    def collect(self):
        """The lists of migrations, as a project's build makes them."""
        for app in self.models:
            folder = self.folder / app / "migrations"
            if folder.exists():
                school.checked(collected(app, folder, "--output", folder / "all.c"))

    def build(self):
        self.collect()
        self.write()
        school.checked(school.run([suite.CC, *FLAGS, "manage.c", "-o", "manage", *described()], {}, self.folder))

    # ---- its commands ----

    def environment(self):
        return {"DATABASE_URL": self.url, "LD_LIBRARY_PATH": str(suite.RELEASE)}

    def run(self, *arguments, **more):
        """What subprocess.run() gives."""
        return school.run(["./manage", *arguments], {**self.environment(), **more}, self.folder)

    def manage(self, *arguments, **more):
        return school.checked(self.run(*arguments, **more))

    def refused(self, *arguments, status=1, **more):
        done = self.run(*arguments, **more)
        assert done.returncode == status, f"{arguments} ends with {done.returncode}, not {status}:\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def makemigrations(self, *arguments):
        """Build with the models as they are, write migrations, build with these."""
        self.build()
        told = self.manage("makemigrations", "--noinput", *arguments)
        self.build()
        return told

    def migrations(self, app):
        return sorted(path.stem for path in (self.folder / app / "migrations").glob("[0-9]*.c"))
