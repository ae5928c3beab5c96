package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-flows/lockstep/chain/indexer"
)

//go:embed page.html page.css page.js
var assets embed.FS

// shownRounds is how many rounds the page shows, the last ones.
const shownRounds = 8

// cell is what a worker voted in a round.
type cell struct {
	Worker int
	Hash   string // "" if it has not voted
	Title  string
	Class  string // agree, differ or early
}

// row is a round.
type row struct {
	indexer.Round
	Cells    []cell
	State    string
	Left     uint32 // blocks that it is still open
	Reported bool
	Report   Report
	Percent  string
}

// line is a worker.
type line struct {
	Number               int
	Liar                 bool
	Address, Operator    string
	Votes, Agreed        int
	Subscription, Voting string
}

// view is all that the page shows.
type view struct {
	facts
	CID, RPC, Base string
	Faulty         int
	Every          string
	Rounds         []row
	Workers        []line
	Shown          int
	Drawing        template.HTML
}

func (d *demo) pages(m *http.ServeMux) {
	files := http.FileServerFS(assets)
	m.Handle("GET /page.css", files)
	m.Handle("GET /page.js", files)
	page := template.Must(template.New("").Funcs(template.FuncMap{"short": short}).ParseFS(assets, "page.html"))
	m.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { d.show(w, page, "page", d.view(r)) })
	m.HandleFunc("GET /live", func(w http.ResponseWriter, r *http.Request) { d.push(w, r, page) })
	m.HandleFunc("GET /receipts/{worker}/{round}", func(w http.ResponseWriter, r *http.Request) { d.receipt(w, r, page) })
	m.HandleFunc("GET /receipts/{worker}/{round}/files.zip", d.download)
}

func (d *demo) show(w http.ResponseWriter, page *template.Template, name string, v any) {
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, name, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src 'self' data:")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // who went away cannot be told
}

// pushEvery is the pause between two looks for something new to show.
const pushEvery = 400 * time.Millisecond

// push sends the live part of the page whenever it changes, as server-sent events.
func (d *demo) push(w http.ResponseWriter, r *http.Request, page *template.Template) {
	c := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	last := ""
	for {
		var b bytes.Buffer
		if err := page.ExecuteTemplate(&b, "live", d.view(r)); err != nil {
			return
		}
		if b.String() != last {
			last = b.String()
			if _, err := fmt.Fprintf(w, "data: %s\n\n", strings.ReplaceAll(last, "\n", "\ndata: ")); err != nil || c.Flush() != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(pushEvery):
		}
	}
}

// view gathers what there is to see.
func (d *demo) view(r *http.Request) view {
	v := view{facts: d.known(), CID: d.cid, RPC: d.rpc, Base: d.base, Faulty: d.o.Faulty, Every: d.o.Every.String(), Shown: 1}
	if n, err := strconv.Atoi(r.URL.Query().Get("worker")); err == nil && n >= 1 && n <= len(d.peers) {
		v.Shown = n
	}
	v.Drawing = template.HTML(d.peers[v.Shown-1].drawing()) //nolint:gosec // package svg escapes what comes from the flow
	rounds := d.index.Rounds()
	v.Workers = d.lines(rounds, v.facts)
	slices.Reverse(rounds)
	for _, r := range rounds[:min(shownRounds, len(rounds))] {
		v.Rounds = append(v.Rounds, d.row(r, v.Block))
	}
	return v
}

func (d *demo) lines(rounds []indexer.Round, f facts) (list []line) {
	for i, p := range d.peers {
		l := line{Number: p.number, Liar: p.liar, Address: p.address, Operator: p.operator, Subscription: "0", Voting: "0"}
		if i < len(f.Voting) {
			l.Subscription, l.Voting = tokens(f.Subscription[i]), tokens(f.Voting[i])
		}
		for _, r := range rounds {
			for _, v := range r.Votes {
				if v.Worker != p.address {
					continue
				}
				l.Votes++
				if r.State == indexer.Settled && r.Result == v.Result {
					l.Agreed++
				}
			}
		}
		list = append(list, l)
	}
	return list
}

func (d *demo) row(r indexer.Round, block uint32) row {
	out := row{Round: r, State: string(r.State)}
	if r.State == indexer.Open && r.Expires > block {
		out.Left = r.Expires - block
	}
	if out.Report, out.Reported = d.business.reported(r.ID); out.Reported && out.Report.Consumed > 0 {
		out.Percent = strconv.FormatFloat(out.Report.Matched/out.Report.Consumed*100, 'f', 1, 64)
	}
	most := leading(r)
	for _, p := range d.peers {
		c := cell{Worker: p.number}
		for _, v := range r.Votes {
			if v.Worker == p.address {
				c.Hash, c.Class = v.Result, "differ"
				c.Title = fmt.Sprintf("%s voted %s in block %d", p.name(), v.Result, v.Block)
				if v.Result == most {
					c.Class = "agree"
				}
			}
		}
		out.Cells = append(out.Cells, c)
	}
	return out
}

// leading is the result of a round, or the one that has most votes so far.
func leading(r indexer.Round) string {
	if r.Result != "" {
		return r.Result
	}
	count, best := map[string]int{}, ""
	for _, v := range r.Votes {
		count[v.Result]++
		if count[v.Result] > count[best] {
			best = v.Result
		}
	}
	return best
}

// short shows the ends of a long text.
func short(s string) string {
	s = strings.TrimPrefix(s, "0x")
	if len(s) <= 12 {
		return s
	}
	return s[:6] + "…" + s[len(s)-4:]
}
