package indexer

import (
	_ "embed" // the entities
	"fmt"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

//go:embed schema.graphql
var entityText string

// kind of a field.
type kind int

const (
	kindText kind = iota // string
	kindInt              // int64
	kindBool             // bool
	kindBig              // *big.Int
	kindDate             // time.Time
	kindList             // []string
	kindOne              // id of another entity
	kindMany             // entities that refer here
)

var kinds = map[string]kind{"ID": kindText, "String": kindText, "Int": kindInt, "Boolean": kindBool, "BigInt": kindBig, "DateTime": kindDate}

// operators of filters by the kind of their field, separated by spaces.
var operators = map[kind]string{
	kindText: "eq not_eq gt gte lt lte in not_in isNull contains not_contains containsInsensitive not_containsInsensitive startsWith not_startsWith endsWith not_endsWith",
	kindInt:  "eq not_eq gt gte lt lte in not_in isNull",
	kindBool: "eq not_eq isNull",
	kindBig:  "eq not_eq gt gte lt lte in not_in isNull",
	kindDate: "eq not_eq gt gte lt lte in not_in isNull",
	kindList: "containsAll containsAny containsNone isNull",
	kindOne:  "isNull",
	kindMany: "every some none",
}

var directions = []string{"ASC", "DESC", "ASC_NULLS_FIRST", "ASC_NULLS_LAST", "DESC_NULLS_FIRST", "DESC_NULLS_LAST"}

// entity is a type with a table.
type entity struct {
	name    string
	list    string // name of its query
	history bool   // its rows are only added, and the oldest forgotten
	fields  []*field
	byName  map[string]*field
	filters map[string]filter
	orders  map[string]order
}

// field of an entity.
type field struct {
	name   string
	column int
	kind   kind
	of     *entity // kindOne, kindMany
	by     *field  // kindMany: the field of it that refers here
}

// filter is an operator on a field; "" is an object for what it refers to.
type filter struct {
	f  *field
	op string
}

// order is one key to sort by: a field, or a field of what a field refers to.
type order struct {
	via, f            *field
	desc, nullsBefore bool
}

// model is all entities and the schema that is made of them.
type model struct {
	entities []*entity
	byName   map[string]*entity
	byQuery  map[string]*entity
	schema   *ast.Schema
}

// newModel reads the entities and makes the schema.
func newModel() (*model, error) {
	doc, err := parser.ParseSchema(&ast.Source{Name: "schema.graphql", Input: entityText})
	if err != nil {
		return nil, fmt.Errorf("the entities of the indexer: %w", err)
	}
	m := &model{byName: map[string]*entity{}, byQuery: map[string]*entity{}}
	for _, d := range doc.Definitions {
		e := &entity{name: d.Name, list: lower(d.Name) + "s", history: d.Directives.ForName("history") != nil, byName: map[string]*field{}, filters: map[string]filter{}, orders: map[string]order{}}
		m.entities = append(m.entities, e)
		m.byName[d.Name], m.byQuery[e.list] = e, e
	}
	for i, d := range doc.Definitions {
		for _, f := range d.Fields {
			if err := m.field(m.entities[i], f); err != nil {
				return nil, err
			}
		}
	}
	for i, d := range doc.Definitions { // when all fields are known
		for j, f := range d.Fields {
			if many := f.Directives.ForName("many"); many != nil {
				to := m.entities[i].fields[j]
				to.by = to.of.byName[many.Arguments.ForName("by").Value.Raw]
			}
		}
	}
	m.schema, err = gqlparser.LoadSchema(&ast.Source{Name: "schema", Input: m.text(doc)})
	if err != nil {
		return nil, fmt.Errorf("the schema of the indexer: %w", err)
	}
	return m, nil
}

func lower(s string) string { return string(unicode.ToLower(rune(s[0]))) + s[1:] }

func (m *model) field(e *entity, d *ast.FieldDefinition) error {
	f := &field{name: d.Name, column: len(e.fields)}
	name := d.Type.Name()
	k, plain := kinds[name]
	f.of = m.byName[name]
	switch {
	case d.Type.Elem != nil && name == "String":
		f.kind = kindList
	case d.Type.Elem != nil && f.of != nil:
		f.kind = kindMany
	case d.Type.Elem == nil && f.of != nil:
		f.kind = kindOne
	case d.Type.Elem == nil && plain:
		f.kind = k
	default:
		return fmt.Errorf("the field %s.%s of the indexer has the type %s, which is not known", e.name, d.Name, d.Type)
	}
	e.fields = append(e.fields, f)
	e.byName[f.name] = f
	return nil
}

// text is the schema in GraphQL's language: entities, filters, orders and queries.
func (m *model) text(doc *ast.SchemaDocument) string {
	var b strings.Builder
	b.WriteString("scalar BigInt\nscalar DateTime\ntype PageInfo {hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String! endCursor: String!}\ntype SquidStatus {height: Int!}\n")
	for i, e := range m.entities {
		fmt.Fprintf(&b, "%q type %s {\n", doc.Definitions[i].Description, e.name)
		for j, f := range e.fields {
			d := doc.Definitions[i].Fields[j]
			args := ""
			if f.kind == kindMany {
				args = "(" + listArgs(f.of) + ")"
			}
			fmt.Fprintf(&b, "%q %s%s: %s\n", d.Description, f.name, args, d.Type)
		}
		b.WriteString("}\n")
		fmt.Fprintf(&b, "type %[1]sEdge {node: %[1]s! cursor: String!}\ntype %[1]ssConnection {edges: [%[1]sEdge!]! pageInfo: PageInfo! totalCount: Int!}\n", e.name)
		m.filters(&b, e)
		m.orders(&b, e)
	}
	b.WriteString("type Query {\nsquidStatus: SquidStatus\n")
	for _, e := range m.entities {
		fmt.Fprintf(&b, "%s(%s): [%s!]!\n%sById(id: String!): %s\n", e.list, listArgs(e), e.name, lower(e.name), e.name)
		fmt.Fprintf(&b, "%[1]sConnection(where: %[2]sWhereInput, orderBy: [%[2]sOrderByInput!]!, first: Int, after: String): %[2]ssConnection!\n", e.list, e.name)
	}
	b.WriteString("}\n")
	return b.String()
}

func listArgs(e *entity) string {
	return fmt.Sprintf("where: %[1]sWhereInput, orderBy: [%[1]sOrderByInput!], offset: Int, limit: Int", e.name)
}

// filters writes the input of an entity's filter and notes what its names mean.
func (m *model) filters(b *strings.Builder, e *entity) {
	fmt.Fprintf(b, "input %[1]sWhereInput {\nAND: [%[1]sWhereInput!]\nOR: [%[1]sWhereInput!]\n", e.name)
	for _, f := range e.fields {
		if f.kind == kindOne {
			e.filters[f.name] = filter{f, ""}
			fmt.Fprintf(b, "%s: %sWhereInput\n", f.name, f.of.name)
		}
		for _, op := range strings.Fields(operators[f.kind]) {
			e.filters[f.name+"_"+op] = filter{f, op}
			fmt.Fprintf(b, "%s_%s: %s\n", f.name, op, argument(f, op))
		}
	}
	b.WriteString("}\n")
}

// argument is the type that a filter takes.
func argument(f *field, op string) string {
	scalar := map[kind]string{kindInt: "Int", kindBool: "Boolean", kindBig: "BigInt", kindDate: "DateTime"}[f.kind]
	if scalar == "" {
		scalar = "String"
	}
	switch {
	case op == "isNull":
		return "Boolean"
	case f.kind == kindMany:
		return f.of.name + "WhereInput"
	case op == "in" || op == "not_in" || f.kind == kindList:
		return "[" + scalar + "!]"
	}
	return scalar
}

// orders writes the enumeration of an entity's orders and notes what its names mean.
func (m *model) orders(b *strings.Builder, e *entity) {
	fmt.Fprintf(b, "enum %sOrderByInput {\n", e.name)
	add := func(name string, o order) {
		for _, d := range directions {
			o.desc = strings.HasPrefix(d, "DESC")
			o.nullsBefore = o.desc
			if at := strings.Index(d, "NULLS_"); at > 0 {
				o.nullsBefore = d[at:] == "NULLS_FIRST"
			}
			e.orders[name+"_"+d] = o
			fmt.Fprintf(b, "%s_%s\n", name, d)
		}
	}
	for _, f := range e.fields {
		switch f.kind {
		case kindOne:
			for _, g := range f.of.fields {
				if g.kind < kindList {
					add(f.name+"_"+g.name, order{via: f, f: g})
				}
			}
		case kindMany, kindList:
		default:
			add(f.name, order{f: f})
		}
	}
	b.WriteString("}\n")
}
