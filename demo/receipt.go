package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/keys"
	"github.com/lockstep-flows/lockstep/consensus"
	"github.com/lockstep-flows/lockstep/worker"
	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// proof is a receipt and what comes of checking it.
type proof struct {
	Worker  *peer
	Number  int
	Round   string
	Receipt *consensus.Receipt
	Checks  []consensus.Check
	Failed  int
	Zip     string
	File    string
}

// receiptOf finds the receipt of a worker's vote.
func (d *demo) receiptOf(r *http.Request) (*peer, string, []byte, error) {
	n, err := strconv.Atoi(r.PathValue("worker"))
	if err != nil || n < 1 || n > len(d.peers) {
		return nil, "", nil, fs.ErrNotExist
	}
	p := d.peers[n-1]
	file := p.worker.Receipt(consensus.Key{Solution: solution, Round: r.PathValue("round")})
	text, err := os.ReadFile(file)
	return p, file, text, err
}

// checks are those of lockstep verify for receipts in a folder.
func checks(dir string) consensus.Checks {
	c := worker.Checks(dir)
	c.Signature = func(public, msg, sig []byte) bool { return keys.Verify(keys.Sr25519, public, msg, sig) }
	c.Address = onchain.Address
	return c
}

// receipt shows a receipt, checked as lockstep verify does.
func (d *demo) receipt(w http.ResponseWriter, r *http.Request, page *template.Template) {
	p, file, text, err := d.receiptOf(r)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	c, err := consensus.ParseReceipt(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	v := proof{Worker: p, Number: p.number, Round: r.PathValue("round"), Receipt: c, Zip: fmt.Sprintf("lockstep-%d-%s.zip", p.number, r.PathValue("round")), File: "receipts/" + filepath.Base(file)}
	v.Checks = c.Verify(r.Context(), checks(filepath.Dir(file)))
	for _, x := range v.Checks {
		if x.State == "failed" {
			v.Failed++
		}
	}
	d.show(w, page, "receipt", v)
}

// download gives a receipt and its journal, laid out as lockstep verify finds them.
func (d *demo) download(w http.ResponseWriter, r *http.Request) {
	p, file, text, err := d.receiptOf(r)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	c, err := consensus.ParseReceipt(text)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	err = pack(z, "receipts/"+filepath.Base(file), text)
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
