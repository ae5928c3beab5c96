// Package yaml reads and writes YAML as js-yaml 4.3 does with its default schema:
// the same values, the same text and the same error messages, which show the place
// in the text. It is what the yaml and template nodes use.
package yaml

import (
	"time"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// Parse reads one YAML document. An empty text gives undefined; several documents
// are an error, as all that is wrong: a *value.Error named YAMLException.
func Parse(text string) (value.Value, error) { return ParseIn(text, time.UTC) }

// ParseIn is Parse where a timestamp that is a key is written in the time zone loc.
func ParseIn(text string, loc *time.Location) (v value.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*value.Error)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	docs := newReader(text, loc).documents()
	switch len(docs) {
	case 0:
		return value.Undefined, nil
	case 1:
		return docs[0], nil
	}
	return value.Undefined, exception("expected a single document in the stream, but found more")
}

func exception(text string) *value.Error {
	e := value.NewError("Error", text)
	e.Name = "YAMLException"
	e.Stack = e.Error()
	return e
}
