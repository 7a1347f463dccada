// The pages of bench/template_table.c by Go's html/template: CPU a render.
package main

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"syscall"
)

const rowCount, manyRows, rounds = 100, 10000, 9

type row struct {
	Name, Desc, Tag string
	Price           float64
	Ok              bool
}

const base = `<!DOCTYPE html><html><head><title>{{block "title" .}}T{{end}}</title></head><body>{{block "body" .}}{{end}}</body></html>`
const page = `{{define "title"}}{{upper .Title}}{{end}}{{define "body"}}<table>{{range $i, $r := .Rows}}<tr class="{{if odd $i}}even{{else}}odd{{end}}"><td>{{next $i}}</td><td>{{$r.Name}}</td><td>{{short $r.Desc}}</td><td>{{if gt $r.Price 50.0}}<b>{{money $r.Price}}</b>{{else}}{{money $r.Price}}{{end}}</td><td>{{lower (or $r.Tag "none")}}</td><td>{{if $r.Ok}}yes{{else}}no{{end}}</td></tr>{{end}}</table>{{end}}`

// Three levels: each level's title has a name of its own, since a template can't call the one it replaces.
const inherited = `{{define "title-base"}}T{{end}}{{define "title-section"}}{{template "title-base" .}}: {{.Title}}{{end}}` +
	`{{define "title"}}{{template "title-section" .}}!{{end}}` +
	`{{define "menu"}}{{range .Menu}}<a href="/{{tag .}}/">{{.Name}}</a>{{end}}{{end}}` +
	`{{define "card"}}<div class="{{.Kind}}"><h2>{{.R.Name}}</h2><p>{{.R.Desc}}</p></div>{{end}}` +
	`{{define "main"}}{{range .Cards}}{{template "card" (card "card" .)}}{{end}}{{end}}` +
	`{{define "body"}}<nav>{{template "menu" .}}</nav><main>{{template "main" .}}</main>{{end}}`

type cardOf struct {
	Kind string
	R    row
}

var functions = template.FuncMap{
	"upper": strings.ToUpper,
	"lower": strings.ToLower,
	"odd":   func(i int) bool { return i%2 == 1 },
	"next":  func(i int) int { return i + 1 },
	"card":  func(kind string, r row) cardOf { return cardOf{kind, r} },
	"tag": func(r row) string {
		if r.Tag == "" {
			return "None"
		}
		return r.Tag
	},
	"money": func(number float64) string { return fmt.Sprintf("%.2f", number) },
	"short": func(text string) string {
		if characters := []rune(text); len(characters) > 30 {
			return string(characters[:29]) + "…"
		}
		return text
	},
}

func cpuMicroseconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e3
}

func measure(what string, page *template.Template, renders int, context map[string]any) {
	best, size := 1e9, 0
	for round := 0; round < rounds; round++ {
		before := cpuMicroseconds()
		for i := 0; i < renders; i++ {
			var out bytes.Buffer
			if err := page.Execute(&out, context); err != nil {
				panic(err)
			}
			size = out.Len()
		}
		best = min(best, (cpuMicroseconds()-before)/float64(renders))
	}
	fmt.Printf("Go html/template %s: %d bytes, %.2f us a render\n", what, size, best)
}

func parsed(text string) *template.Template {
	return template.Must(template.Must(template.New("base").Funcs(functions).Parse(base)).Parse(text))
}

func main() {
	rows := make([]row, manyRows)
	for i := range rows {
		rows[i] = row{Name: fmt.Sprintf("Row <%d> & co", i), Price: float64(i) * 1.37, Ok: i%3 != 0,
			Desc: fmt.Sprintf("Description of \"row\" number %d which is rather long", i)}
		if i%4 != 0 {
			rows[i].Tag = fmt.Sprintf("TAG%d", i%7)
		}
	}
	table := parsed(page)
	measure("table", table, 40, map[string]any{"Title": "The list of rows", "Rows": rows[:rowCount]})
	measure("inheritance", parsed(inherited), 100, map[string]any{"Title": "Cards", "Menu": rows[:8], "Cards": rows[:20]})
	measure("stream", table, 1, map[string]any{"Title": "The list of rows", "Rows": rows})
}
