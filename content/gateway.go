package content

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ipfs/go-cid"
)

// ServeHTTP answers GET and HEAD of /ipfs/{cid} as a gateway of IPFS:
//
//   - the bytes of a file, with ranges;
//   - the one block, for ?format=raw or Accept: application/vnd.ipld.raw;
//   - for ?format=car or Accept: application/vnd.ipld.car the blocks of the file as a CAR of
//     version 1, depth first, each once, or with dups=y as often as it is used; dag-scope may
//     be block, entity or all. entity-bytes is not looked at: the whole file is given.
//
// format counts more than Accept. There are no directories, so that a path below a CID is
// not found. It answers 400 for what is no CID or no format, 404 for what is not in the
// store (412 with Cache-Control: only-if-cached), 405 for another method, 406 for a form
// that it does not have, 416 for a range that the file does not have.
//
// https://specs.ipfs.tech/http-gateways/path-gateway/,
// https://specs.ipfs.tech/http-gateways/trustless-gateway/
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*") // there is nothing here that is not public
	h.Set("Access-Control-Expose-Headers", "Content-Length, Content-Range, ETag, X-Ipfs-Path, X-Ipfs-Roots")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Accept, Range, Cache-Control")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		h.Set("Allow", "GET, HEAD, OPTIONS")
		http.Error(w, "only GET and HEAD are answered", http.StatusMethodNotAllowed)
		return
	}
	a, err := s.answer(r)
	if err != nil {
		http.Error(w, err.Error(), statusOf(err, r))
		return
	}
	h.Set("Content-Type", a.kind)
	h.Set("Content-Disposition", a.disposition)
	h.Set("ETag", strconv.Quote(a.tag))
	h.Set("Cache-Control", "public, max-age=29030400, immutable")
	h.Set("Vary", "Accept")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox") // it may be a page of somebody else
	h.Set("X-Ipfs-Path", "/ipfs/"+a.cid.String())
	h.Set("X-Ipfs-Roots", a.cid.String())
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.body))
}

// refusal is an error with its status.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

func statusOf(err error, r *http.Request) int {
	var known *refusal
	switch {
	case errors.As(err, &known):
		return known.status
	case errors.Is(err, errAbsent) && strings.Contains(r.Header.Get("Cache-Control"), "only-if-cached"):
		return http.StatusPreconditionFailed
	case errors.Is(err, errAbsent):
		return http.StatusNotFound
	}
	return http.StatusNotAcceptable // it is here, but not as a file
}

// answer is what is given.
type answer struct {
	cid                    cid.Cid
	body                   []byte
	kind, disposition, tag string
}

func (s *Store) answer(r *http.Request) (*answer, error) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/ipfs/")
	if !ok {
		return nil, refuse(http.StatusNotFound, "content is at /ipfs/CID")
	}
	name, below, _ := strings.Cut(rest, "/")
	c, err := cid.Decode(name)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "%.100q is no content identifier", name)
	}
	if below != "" {
		return nil, refuse(http.StatusNotFound, "%s has nothing below it: there are only files here", c)
	}
	f, err := formOf(r)
	if err != nil {
		return nil, err
	}
	if _, err := ParseCID(name); err != nil { // such a one was never added
		return nil, fmt.Errorf("%w: %w", err, errAbsent)
	}
	a := &answer{cid: c}
	switch f.kind {
	case typeRaw:
		a.kind, a.tag, a.disposition = typeRaw, c.String()+".raw", attachment(c.String()+".bin")
		a.body, err = s.block(c)
	case typeCAR:
		dups := "n"
		if f.repeat {
			dups = "y"
		}
		a.kind = typeCAR + "; version=1; order=dfs; dups=" + dups
		a.tag, a.disposition = fmt.Sprintf("%s.car.dfs.%s.%t", c, dups, f.deep), attachment(c.String()+".car")
		a.body, err = s.car(c, f.deep, f.repeat)
	default:
		a.tag, a.disposition = c.String(), "inline"
		a.body, err = s.file(r.Context(), c)
		a.kind = http.DetectContentType(a.body)
	}
	return a, err
}

func attachment(name string) string { return `attachment; filename="` + name + `"` }

// form is how content is asked for.
type form struct {
	kind         string // typeRaw, typeCAR or "" for the bytes
	repeat, deep bool   // of a CAR
}

// formats that others have and this gateway has not.
var otherFormats = []string{"cbor", "dag-cbor", "dag-json", "ipns-record", "json", "tar"}

// formOf reads format, Accept and what belongs to them.
func formOf(r *http.Request) (form, error) {
	q := r.URL.Query()
	f := form{deep: true}
	var params map[string]string
	switch format := q.Get("format"); {
	case format == "":
		var err error
		if f.kind, params, err = accepted(r.Header.Values("Accept")); err != nil {
			return f, err
		}
	case format == "raw":
		f.kind = typeRaw
	case format == "car":
		f.kind = typeCAR
		if kind, p, _ := accepted(r.Header.Values("Accept")); kind == typeCAR {
			params = p
		}
	case slices.Contains(otherFormats, format):
		return f, refuse(http.StatusNotAcceptable, "the format %s is not given here: ask for raw, car or none", format)
	default:
		return f, refuse(http.StatusBadRequest, "%.40q is no format: ask for raw, car or none", format)
	}
	if f.kind != typeCAR {
		return f, nil
	}
	for _, p := range []struct{ name, query, may string }{
		{"version", "car-version", " 1"}, {"order", "car-order", " dfs unk"}, {"dups", "car-dups", " y n"},
	} {
		v := params[p.name]
		if given := q.Get(p.query); given != "" {
			v = given
		}
		if v != "" && !slices.Contains(strings.Fields(p.may), v) {
			return f, refuse(http.StatusNotAcceptable, "a CAR with %s %.40q is not given here, only:%s", p.name, v, p.may)
		}
		f.repeat = f.repeat || p.name == "dups" && v == "y"
	}
	switch scope := q.Get("dag-scope"); scope {
	case "", "all", "entity":
	case "block":
		f.deep = false
	default:
		return f, refuse(http.StatusBadRequest, "%.40q is no dag-scope: use block, entity or all", scope)
	}
	return f, nil
}

// accepted finds the form that Accept prefers, with its parameters. Kinds of documents that
// are not of IPFS stand for the bytes.
func accepted(headers []string) (kind string, params map[string]string, err error) {
	best := 0.0
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, p, bad := mime.ParseMediaType(part)
		if bad != nil {
			continue
		}
		weight := 1.0
		if q, bad := strconv.ParseFloat(p["q"], 64); bad == nil {
			weight = q
		}
		known := name == typeRaw || name == typeCAR
		foreign := !known && (strings.HasPrefix(name, "application/vnd.ip") || name == "application/x-tar")
		switch {
		case !(weight > best):
		case foreign && best == 0:
			err = refuse(http.StatusNotAcceptable, "%s is not given here: ask for %s, %s or the bytes", name, typeRaw, typeCAR)
		case known:
			best, kind, params, err = weight, name, p, nil
		case !foreign:
			best, kind, params, err = weight, "", nil, nil
		}
	}
	return kind, params, err
}
