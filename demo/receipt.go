package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// proof is a receipt and what comes of checking it.
type proof struct {
	Number  int
	Round   string
	Receipt *consensus.Receipt
	Checks  []consensus.Check
	Failed  int
	Zip     string
	File    string
}

// receiptOf finds and reads the receipt of a worker's vote; without one, the error has been
// answered.
func (d *demo) receiptOf(w http.ResponseWriter, r *http.Request) (p *peer, file string, text []byte, c *consensus.Receipt) {
	n, err := strconv.Atoi(r.PathValue("worker"))
	if err == nil && n >= 1 && n <= len(d.peers) {
		p = d.peers[n-1]
		file = p.worker.Receipt(consensus.Key{Solution: solution, Round: r.PathValue("round")})
		text, err = os.ReadFile(file)
	}
	if p == nil || err != nil {
		http.NotFound(w, r)
		return p, file, text, nil
	}
	if c, err = consensus.ParseReceipt(text); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
	return p, file, text, c
}

// receipt shows a receipt, checked as lockstep verify does.
func (d *demo) receipt(w http.ResponseWriter, r *http.Request, page *template.Template) {
	p, file, _, c := d.receiptOf(w, r)
	if c == nil {
		return
	}
	v := proof{Number: p.number, Round: r.PathValue("round"), Receipt: c, Zip: fmt.Sprintf("lockstep-%d-%s.zip", p.number, r.PathValue("round")), File: "receipts/" + filepath.Base(file)}
	v.Checks = c.Verify(r.Context(), onchain.Checks(filepath.Dir(file)))
	for _, x := range v.Checks {
		if x.State == "failed" {
			v.Failed++
		}
	}
	d.show(w, page, "receipt", v)
}

// download gives a receipt and its journal, laid out as lockstep verify finds them.
func (d *demo) download(w http.ResponseWriter, r *http.Request) {
	p, file, text, c := d.receiptOf(w, r)
	if c == nil {
		return
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err := pack(z, "receipts/"+filepath.Base(file), text)
	journal := filepath.Join(filepath.Dir(file), filepath.FromSlash(c.Journal.File))
	parts, _ := filepath.Glob(journal + "*") // the pattern is well formed
	for _, part := range parts {
		if c.Journal.File == "" || err != nil {
			break
		}
		var data []byte
		if data, err = os.ReadFile(part); err == nil {
			err = pack(z, strings.TrimPrefix(filepath.ToSlash(filepath.Dir(c.Journal.File)), "../")+"/"+filepath.Base(part), data)
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="lockstep-%d-%s.zip"`, p.number, c.Vote.Round))
	_, _ = io.Copy(w, &b) // who went away cannot be told
}

func pack(z *zip.Writer, name string, data []byte) error {
	f, err := z.Create(name)
	if err == nil {
		_, err = f.Write(data)
	}
	return err
}
