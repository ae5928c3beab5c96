package indexer

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"time"
)

// put writes an object, null if there is none.
func put[T any](x *exec, fields []writer[*T], v *T) {
	if v == nil && fields != nil {
		x.value(nil)
		return
	}
	putRoot(x, fields, v)
}

// putRoot writes an object of fields that need no value.
func putRoot[T any](x *exec, fields []writer[*T], v *T) {
	x.out = append(x.out, '{')
	for i, f := range fields {
		if !x.spend(1) {
			return
		}
		if i > 0 {
			x.out = append(x.out, ',')
		}
		x.value(f.key)
		x.out = append(x.out, ':')
		f.write(v)
	}
	x.out = append(x.out, '}')
}

func (x *exec) array(n int, write func(i int)) {
	x.out = append(x.out, '[')
	for i := range n {
		if !x.spend(1) {
			return
		}
		if i > 0 {
			x.out = append(x.out, ',')
		}
		write(i)
	}
	x.out = append(x.out, ']')
}

func (x *exec) rows(list []*row, fields []writer[*row]) {
	x.array(len(list), func(i int) { put(x, fields, list[i]) })
}

// value writes a value of a column: numbers of more than 53 bits are texts, times are
// in UTC with six digits after the second.
func (x *exec) value(v any) {
	if len(x.out) > maxAnswer && x.err == nil {
		x.err = errTooMuch
	}
	if x.err != nil {
		return
	}
	switch v := v.(type) {
	case nil:
		x.out = append(x.out, "null"...)
	case int64:
		x.out = strconv.AppendInt(x.out, v, 10)
	case bool:
		x.out = strconv.AppendBool(x.out, v)
	case *big.Int:
		x.value(v.String())
	case time.Time:
		x.value(v.UTC().Format("2006-01-02T15:04:05.000000Z"))
	case []string:
		x.array(len(v), func(i int) { x.value(v[i]) })
	default:
		b, err := json.Marshal(v)
		if err != nil {
			x.err = fmt.Errorf("a value cannot be written: %w", err)
		}
		x.out = append(x.out, b...)
	}
}

// pick gives the rows of a page.
func (x *exec) pick(list []*row, p page) []*row {
	if len(p.order) == 0 && p.limit >= 0 { // no need to look at all
		return x.firstOf(list, p)
	}
	all := x.matching(list, p)
	all = all[min(p.offset, len(all)):]
	if p.limit >= 0 {
		return all[:min(p.limit, len(all))]
	}
	if len(all) > maxRows && x.err == nil {
		x.err = fmt.Errorf("there are %d rows: ask for parts of them by limit (at most %d) and offset", len(all), maxRows)
	}
	return all
}

func (x *exec) firstOf(list []*row, p page) (out []*row) {
	skip := p.offset
	for _, r := range list {
		if len(out) == p.limit || !x.spend(1) {
			break
		}
		if r.gone || p.where != nil && !p.where(r) {
			continue
		}
		if skip--; skip < 0 {
			out = append(out, r)
		}
	}
	return out
}

// matching gives all rows that are wanted, in order.
func (x *exec) matching(list []*row, p page) (out []*row) {
	for _, r := range list {
		if !x.spend(1) {
			return nil
		}
		if !r.gone && (p.where == nil || p.where(r)) {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b *row) int {
		if x.err != nil {
			return 0
		}
		for _, o := range p.order {
			x.spend(1)
			if c := x.before(o, a, b); c != 0 {
				return c
			}
		}
		return 0
	})
	return out
}

// before compares two rows by one order.
func (x *exec) before(o order, a, b *row) int {
	va, vb := x.sortValue(o, a), x.sortValue(o, b)
	if va == nil || vb == nil {
		switch {
		case va == nil && vb == nil:
			return 0
		case (va == nil) == o.nullsBefore:
			return -1
		}
		return 1
	}
	if o.desc {
		va, vb = vb, va
	}
	return compare(va, vb)
}

func (x *exec) sortValue(o order, r *row) any {
	if o.via != nil {
		if r = x.store.get(r, o.via); r == nil {
			return nil
		}
	}
	return r.vals[o.f.column]
}
