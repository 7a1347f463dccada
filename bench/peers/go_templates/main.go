// The page of bench/template_table.c by Go's html/template: CPU a render.
package main

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"syscall"
)

const rowCount, rounds, renders = 100, 9, 400

type row struct {
	Name, Desc, Tag string
	Price           float64
	Ok              bool
}

const base = `<!DOCTYPE html><html><head><title>{{block "title" .}}T{{end}}</title></head><body>{{block "body" .}}{{end}}</body></html>`
const page = `{{define "title"}}{{upper .Title}}{{end}}{{define "body"}}<table>{{range $i, $r := .Rows}}<tr class="{{if odd $i}}even{{else}}odd{{end}}"><td>{{next $i}}</td><td>{{$r.Name}}</td><td>{{short $r.Desc}}</td><td>{{if gt $r.Price 50.0}}<b>{{money $r.Price}}</b>{{else}}{{money $r.Price}}{{end}}</td><td>{{lower (or $r.Tag "none")}}</td><td>{{if $r.Ok}}yes{{else}}no{{end}}</td></tr>{{end}}</table>{{end}}`

var functions = template.FuncMap{
	"upper": strings.ToUpper,
	"lower": strings.ToLower,
	"odd":   func(i int) bool { return i%2 == 1 },
	"next":  func(i int) int { return i + 1 },
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

func main() {
	rows := make([]row, rowCount)
	for i := range rows {
		rows[i] = row{Name: fmt.Sprintf("Row <%d> & co", i), Price: float64(i) * 1.37, Ok: i%3 != 0,
			Desc: fmt.Sprintf("Description of \"row\" number %d which is rather long", i)}
		if i%4 != 0 {
			rows[i].Tag = fmt.Sprintf("TAG%d", i%7)
		}
	}
	parsed := template.Must(template.Must(template.New("base").Funcs(functions).Parse(base)).Parse(page))
	context := map[string]any{"Title": "The list of rows", "Rows": rows}
	best, size := 1e9, 0
	for round := 0; round < rounds; round++ {
		before := cpuMicroseconds()
		for i := 0; i < renders; i++ {
			var out bytes.Buffer
			if err := parsed.Execute(&out, context); err != nil {
				panic(err)
			}
			size = out.Len()
		}
		best = min(best, (cpuMicroseconds()-before)/renders)
	}
	fmt.Printf("Go html/template table: %d bytes, %.1f us a render\n", size, best)
}
