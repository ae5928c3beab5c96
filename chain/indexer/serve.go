package indexer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

// bounds of a request.
const (
	maxBody   = 256 << 10 // bytes, with the variables
	maxQuery  = 32 << 10  // bytes
	maxTokens = 1000
	// atOnce is how many queries are carried out at the same time; others wait.
	atOnce = 4
)

// request is a query as it comes in.
type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// ServeHTTP answers GraphQL: POST with JSON, or GET with ?query=, ?variables= and
// ?operationName=, at paths that are /graphql or end with it. A request that is no query of
// GraphQL gets 400 (405, 413, 415); all else 200, with errors in the answer if there are any.
func (ix *Indexer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/graphql", "/votes/graphql", "/core/graphql":
	default:
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*") // there is nothing here that is not public
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	q, status, err := read(w, r)
	if err != nil {
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", "GET, POST, OPTIONS")
		}
		reply(w, status, nil, []*gqlerror.Error{{Message: err.Error()}})
		return
	}
	select {
	case ix.slots <- struct{}{}:
		defer func() { <-ix.slots }()
	case <-r.Context().Done():
		return
	}
	data, errs := ix.answer(q)
	reply(w, http.StatusOK, data, errs)
}

// read reads a request; the number is the status of an error.
func read(w http.ResponseWriter, r *http.Request) (*request, int, error) {
	q := &request{}
	switch r.Method {
	case http.MethodGet:
		form := r.URL.Query()
		q.Query, q.OperationName = form.Get("query"), form.Get("operationName")
		if v := form.Get("variables"); v != "" {
			if err := json.Unmarshal([]byte(v), &q.Variables); err != nil {
				return nil, http.StatusBadRequest, errors.New("the variables are no JSON object")
			}
		}
	case http.MethodPost:
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			return nil, http.StatusUnsupportedMediaType, errors.New("a query is sent as application/json: {query, variables, operationName}")
		}
		b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the request cannot be read, or has more than %d bytes", maxBody)
		}
		if err := json.Unmarshal(b, q); err != nil {
			return nil, http.StatusBadRequest, errors.New("the request is no JSON object {query, variables, operationName}")
		}
	default:
		return nil, http.StatusMethodNotAllowed, errors.New("queries are sent by POST or GET")
	}
	switch {
	case q.Query == "":
		return nil, http.StatusBadRequest, errors.New("the request has no query")
	case len(q.Query) > maxQuery:
		return nil, http.StatusRequestEntityTooLarge, fmt.Errorf("the query has more than %d bytes", maxQuery)
	}
	return q, 0, nil
}

func reply(w http.ResponseWriter, status int, data []byte, errs []*gqlerror.Error) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	answer := struct {
		Errors []*gqlerror.Error `json:"errors,omitempty"`
		Data   json.RawMessage   `json:"data,omitempty"`
	}{errs, data}
	b, err := json.Marshal(answer)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"errors":[{"message":"the answer cannot be written"}]}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // who asked may be gone
}

// answer carries out a query. The parser gives up on some input by a panic, which is an
// error of the query.
func (ix *Indexer) answer(q *request) (data []byte, errs []*gqlerror.Error) {
	defer func() {
		if p := recover(); p != nil {
			data, errs = nil, []*gqlerror.Error{{Message: fmt.Sprintf("the query cannot be carried out: %v", p)}}
		}
	}()
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: q.Query}, maxTokens)
	if err != nil {
		return nil, asErrors(err)
	}
	if list := validator.ValidateWithRules(ix.m.schema, doc, nil); len(list) > 0 {
		return nil, list[:min(len(list), 10)]
	}
	op := doc.Operations.ForName(q.OperationName)
	if op == nil {
		return nil, []*gqlerror.Error{{Message: "the query has no operation of this name: give operationName"}}
	}
	vars, err := validator.VariableValues(ix.m.schema, op, q.Variables)
	if err != nil {
		return nil, asErrors(err)
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	x := &exec{m: ix.m, store: ix.store, height: ix.last.number, doc: doc, vars: vars, left: maxSteps}
	fields, err := x.root(op.SelectionSet)
	if err != nil {
		return nil, asErrors(err)
	}
	putRoot(x, fields, nil)
	if x.err != nil {
		return nil, asErrors(located(x.err, op.Position))
	}
	return x.out, nil
}

// asErrors gives an error in GraphQL's form.
func asErrors(err error) []*gqlerror.Error {
	var e *gqlerror.Error
	if errors.As(err, &e) {
		return []*gqlerror.Error{e}
	}
	return []*gqlerror.Error{{Message: err.Error()}}
}
