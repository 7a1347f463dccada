// The page of bench/template_table.c by MiniJinja and Askama: CPU a render.
use askama::Template;
use minijinja::{context, Environment, Value};
use serde::Serialize;

const ROWS: usize = 100;
const ROUNDS: usize = 9;
const RENDERS: usize = 400;

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

fn rows() -> Vec<Row> {
    (0..ROWS)
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

fn measure(name: &str, mut render: impl FnMut() -> usize) {
    let (mut best, mut bytes) = (f64::MAX, 0);
    for _ in 0..ROUNDS {
        let before = cpu_us();
        for _ in 0..RENDERS {
            bytes = render();
        }
        best = best.min((cpu_us() - before) / RENDERS as f64);
    }
    println!("{name}: {bytes} bytes, {best:.1} us a render");
}

const JINJA_PAGE: &str = r#"{% extends "base.html" %}{% block title %}{{ title|upper }}{% endblock %}{% block body %}<table>{% for r in rows %}<tr class="{{ loop.cycle('odd', 'even') }}"><td>{{ loop.index }}</td><td>{{ r.name }}</td><td>{{ r.desc|short }}</td><td>{% if r.price > 50 %}<b>{{ r.price|money }}</b>{% else %}{{ r.price|money }}{% endif %}</td><td>{{ (r.tag or "none")|lower }}</td><td>{% if r.ok %}yes{% else %}no{% endif %}</td></tr>{% endfor %}</table>{% endblock %}"#;

fn short(text: &str) -> String {
    if text.chars().count() <= 30 {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(29).collect();
    cut.push('…');
    cut
}

fn main() {
    let rows = rows();
    let mut environment = Environment::new();
    environment.add_filter("short", |text: &str| short(text));
    environment.add_filter("money", |number: f64| format!("{number:.2}"));
    environment.add_template("base.html", include_str!("../templates/base.html")).unwrap();
    environment.add_template("page.html", JINJA_PAGE).unwrap();
    let template = environment.get_template("page.html").unwrap();
    let values = Value::from_serialize(&rows);
    measure("MiniJinja table", || {
        template.render(context! { title => "The list of rows", rows => values }).unwrap().len()
    });
    measure("Askama table", || {
        Page { title: "The list of rows", rows: &rows }.render().unwrap().len()
    });
}
