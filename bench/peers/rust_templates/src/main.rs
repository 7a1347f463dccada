// The pages of bench/template_table.c by MiniJinja and Askama: CPU a render.
use askama::Template;
use minijinja::{context, Environment, Value};
use serde::Serialize;

const ROWS: usize = 100;
const MANY_ROWS: usize = 10000;
const ROUNDS: usize = 9;

#[derive(Serialize)]
struct Row {
    name: String,
    desc: String,
    price: f64,
    tag: Option<String>,
    ok: bool,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    rows: &'a [Row],
}

#[derive(Template)]
#[template(path = "inherited.html")]
struct Inherited<'a> {
    title: &'a str,
    menu: &'a [Row],
    cards: &'a [Row],
}

fn rows(n: usize) -> Vec<Row> {
    (0..n)
        .map(|i| Row {
            name: format!("Row <{i}> & co"),
            desc: format!("Description of \"row\" number {i} which is rather long"),
            price: i as f64 * 1.37,
            tag: (i % 4 != 0).then(|| format!("TAG{}", i % 7)),
            ok: i % 3 != 0,
        })
        .collect()
}

fn cpu_us() -> f64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut now) };
    now.tv_sec as f64 * 1e6 + now.tv_nsec as f64 / 1e3
}

fn measure(name: &str, renders: usize, mut render: impl FnMut() -> usize) {
    let (mut best, mut bytes) = (f64::MAX, 0);
    for _ in 0..ROUNDS {
        let before = cpu_us();
        for _ in 0..renders {
            bytes = render();
        }
        best = best.min((cpu_us() - before) / renders as f64);
    }
    println!("{name}: {bytes} bytes, {best:.2} us a render");
}

// Where MiniJinja's language is another than Askama's.
const JINJA: [(&str, &str); 6] = [
    ("base.html", include_str!("../templates/base.html")),
    ("section.html", r#"{% extends "base.html" %}{% block title %}{{ super() }}: {{ title }}{% endblock %}{% block body %}<nav>{% include "menu.html" %}</nav><main>{% block main %}{% endblock %}</main>{% endblock %}"#),
    ("card.html", include_str!("../templates/card.html")),
    ("menu.html", r#"{% for r in menu %}<a href="/{{ r.tag }}/">{{ r.name }}</a>{% endfor %}"#),
    ("page.html", r#"{% extends "base.html" %}{% block title %}{{ title|upper }}{% endblock %}{% block body %}<table>{% for r in rows %}<tr class="{{ loop.cycle('odd', 'even') }}"><td>{{ loop.index }}</td><td>{{ r.name }}</td><td>{{ r.desc|short }}</td><td>{% if r.price > 50 %}<b>{{ r.price|money }}</b>{% else %}{{ r.price|money }}{% endif %}</td><td>{{ (r.tag or "none")|lower }}</td><td>{% if r.ok %}yes{% else %}no{% endif %}</td></tr>{% endfor %}</table>{% endblock %}"#),
    ("inherited.html", r#"{% extends "section.html" %}{% block title %}{{ super() }}!{% endblock %}{% block main %}{% for r in cards %}{% set kind = "card" %}{% include "card.html" %}{% endfor %}{% endblock %}"#),
];

fn short(text: &str) -> String {
    if text.chars().count() <= 30 {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(29).collect();
    cut.push('…');
    cut
}

fn measure_minijinja(all: &[Row]) {
    let mut environment = Environment::new();
    environment.add_filter("short", |text: &str| short(text));
    environment.add_filter("money", |number: f64| format!("{number:.2}"));
    for (name, source) in JINJA {
        environment.add_template(name, source).unwrap();
    }
    let page = environment.get_template("page.html").unwrap();
    let inherited = environment.get_template("inherited.html").unwrap();
    let some = Value::from_serialize(&all[..ROWS]);
    let many = Value::from_serialize(all);
    let menu = Value::from_serialize(&all[..8]);
    let cards = Value::from_serialize(&all[..20]);
    measure("MiniJinja table", 400, || {
        page.render(context! { title => "The list of rows", rows => some }).unwrap().len()
    });
    measure("MiniJinja inheritance", 1000, || {
        inherited.render(context! { title => "Cards", menu => menu, cards => cards }).unwrap().len()
    });
    measure("MiniJinja stream", 5, || {
        page.render(context! { title => "The list of rows", rows => many }).unwrap().len()
    });
}

fn measure_askama(all: &[Row]) {
    measure("Askama table", 400, || {
        Page { title: "The list of rows", rows: &all[..ROWS] }.render().unwrap().len()
    });
    measure("Askama inheritance", 1000, || {
        Inherited { title: "Cards", menu: &all[..8], cards: &all[..20] }.render().unwrap().len()
    });
    measure("Askama stream", 5, || {
        Page { title: "The list of rows", rows: all }.render().unwrap().len()
    });
}

fn main() {
    let all = rows(MANY_ROWS);
    measure_minijinja(&all);
    measure_askama(&all);
}
