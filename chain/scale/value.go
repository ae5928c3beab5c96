package scale

// Record is a composite, or the fields of a variant's case. Names are "" where the
// fields have none.
type Record struct {
	Names  []string
	Values []any
}

// Get gives a field by its name, nil if there is none.
func (r *Record) Get(name string) any {
	if r == nil {
		return nil
	}
	for i, n := range r.Names {
		if n == name {
			return r.Values[i]
		}
	}
	return nil
}

// At gives a field by its position.
func (r *Record) At(i int) any {
	if r == nil || i < 0 || i >= len(r.Values) {
		return nil
	}
	return r.Values[i]
}

// Len is the number of fields.
func (r *Record) Len() int {
	if r == nil {
		return 0
	}
	return len(r.Values)
}

// Variant is a value of an enumeration.
type Variant struct {
	Name  string
	Index uint8
	// Fields is nil if the case has none.
	Fields *Record
}

// Rec makes a record of names and values in turn.
func Rec(pairs ...any) *Record {
	r := &Record{}
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Names = append(r.Names, pairs[i].(string))
		r.Values = append(r.Values, pairs[i+1])
	}
	return r
}

// Var makes a variant of a name and unnamed fields.
func Var(name string, fields ...any) *Variant {
	v := &Variant{Name: name}
	if len(fields) > 0 {
		v.Fields = &Record{Names: make([]string, len(fields)), Values: fields}
	}
	return v
}
