package engine

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/engine/flow"
	"github.com/lockstep-flows/lockstep/engine/value"
)

// env holds the evaluated variables of a scope or a group.
type env struct {
	vars *value.Object
	// special gives the built-in names (NR_FLOW_ID …) of this level.
	special func(name string) (value.Value, bool)
	// parent is asked for what is not here.
	parent func(name string) value.Value
}

func (v *env) get(name string) value.Value {
	if found, ok := v.special(name); ok {
		return found
	}
	if rest, ok := strings.CutPrefix(name, "$parent."); ok {
		name = rest
	} else if found, ok := v.vars.Lookup(name); ok {
		return value.Clone(found)
	}
	return v.parent(name)
}

// scope is the running side of a flow.Scope.
type scope struct {
	def *flow.Scope
	env *env
	// failed says that a JSONata variable has a syntax error: nothing in it starts.
	failed bool
}

// startScopes evaluates the variables of scopes and groups that are not running
// yet, outermost first.
func (e *Engine) startScopes() {
	if e.scopes == nil {
		e.scopes, e.groups = map[*flow.Scope]*scope{}, map[*flow.Group]*env{}
	}
	for _, s := range e.graph.Scopes {
		if e.scopes[s] != nil {
			continue
		}
		sc := &scope{def: s}
		sc.env = &env{vars: value.NewObject(), special: specialNames(s), parent: e.scopeParent(s)}
		e.scopes[s] = sc
		sc.failed = broken(s)
		if sc.failed {
			continue
		}
		e.evalEnv(sc.env, s.Env, e.envCredentials(s), s)
		for _, g := range s.Groups {
			ge := &env{vars: value.NewObject(), special: groupNames(g), parent: sc.env.get}
			if g.Parent != nil {
				ge.parent = e.groups[g.Parent].get
			}
			e.groups[g] = ge
			e.evalEnv(ge, g.Env, e.opt.Credentials[g.ID], s)
		}
	}
}

// broken reports whether the scope or a group in it has a JSONata variable with a
// syntax error.
func broken(s *flow.Scope) bool {
	bad := func(vars []flow.EnvVar) bool {
		return slices.ContainsFunc(vars, func(v flow.EnvVar) bool {
			return v.Type == "jsonata" && NewInput(v.Type, v.Value).Prepared() != nil
		})
	}
	return bad(s.Env) || slices.ContainsFunc(s.Groups, func(g *flow.Group) bool { return bad(g.Env) })
}

func (e *Engine) envCredentials(s *flow.Scope) *value.Object {
	out := value.NewObject()
	for i := len(s.CredentialIDs) - 1; i >= 0; i-- {
		c := e.opt.Credentials[s.CredentialIDs[i]]
		if c == nil {
			continue
		}
		if s.Kind == flow.ScopeGlobal {
			c = c.Get("map").Object()
		}
		for j := 0; c != nil && j < c.Len(); j++ {
			out.Set(c.At(j).Key, c.At(j).Value)
		}
	}
	return out
}

func (e *Engine) scopeParent(s *flow.Scope) func(string) value.Value {
	switch {
	case s.Kind == flow.ScopeGlobal:
		return e.processEnv
	case s.Kind == flow.ScopeSubflow && s.Instance.Group != nil:
		return e.groups[s.Instance.Group].get
	}
	return e.scopes[s.Parent].env.get
}

func (e *Engine) processEnv(name string) value.Value {
	if e.opt.Env != nil {
		if v, ok := e.opt.Env(name); ok {
			return value.Str(v)
		}
	}
	return value.Undefined
}

func names(pairs ...any) func(string) (value.Value, bool) {
	o := value.Obj(pairs...).Object()
	return o.Lookup
}

func groupNames(g *flow.Group) func(string) (value.Value, bool) {
	return names("NR_GROUP_NAME", g.Title, "NR_GROUP_ID", g.ID)
}

// evalEnv evaluates definitions into level: those of type env last, as they may
// refer to the others.
func (e *Engine) evalEnv(level *env, defs []flow.EnvVar, creds *value.Object, s *flow.Scope) {
	vars := value.NewObject()
	c := e.scopeCall(s)
	for _, d := range defs {
		if d.Type == "env" || d.Type == "jsonata" {
			vars.Set(d.Name, d.Value) // seen by a reference that comes before its turn
			continue
		}
		vars.Set(d.Name, e.evalVar(c, level, d, creds))
	}
	for _, d := range lateOnes(defs) {
		if d.Type == "jsonata" {
			vars.Set(d.Name, e.evalVar(c, level, d, creds))
			continue
		}
		vars.Set(d.Name, e.evalRef(level, vars, d))
	}
	level.vars = vars
}

// lateOnes gives the definitions that are evaluated when the others have been:
// JSONata, then references to other variables.
func lateOnes(defs []flow.EnvVar) []flow.EnvVar {
	var out, refs []flow.EnvVar
	for _, d := range defs {
		switch d.Type {
		case "env":
			refs = append(refs, d)
		case "jsonata":
			out = append(out, d)
		}
	}
	return append(out, refs...)
}

// scopeCall is the door with which a scope's own variables are evaluated.
func (e *Engine) scopeCall(s *flow.Scope) *Call {
	n := &node{def: &flow.Node{Scope: s, Type: s.TypeName(), ID: s.ID, Z: s.ID, Path: s.Path, Def: &flow.Def{}}}
	n.call = Call{e: e, n: n, config: value.NewObject()}
	return &n.call
}

// evalVar evaluates a definition that refers to no other.
func (e *Engine) evalVar(c *Call, level *env, d flow.EnvVar, creds *value.Object) value.Value {
	switch d.Type {
	case "bool":
		return value.Bool(d.Value.Str() == "true" || d.Value.Bool())
	case "cred":
		if stored, ok := lookup(creds, d.Name); ok {
			return stored
		}
		return d.Value
	case "conf-type":
		if text := d.Value.Str(); wholeEnv.MatchString(text) {
			return level.get(text[2 : len(text)-1])
		}
	}
	v, err := NewInput(d.Type, d.Value).Eval(c, nil)
	if err != nil {
		e.log(levelError, c.Type(), c.ID(), value.Str("Error evaluating env property '"+d.Name+"': "+value.ToString(Thrown(err))))
		return value.Undefined
	}
	return v
}

// evalRef evaluates a definition of type env; one that names itself means the
// parent's variable.
func (e *Engine) evalRef(level *env, vars *value.Object, d flow.EnvVar) value.Value {
	text := value.ToString(d.Value)
	if text == d.Name {
		text = "$parent." + text
	}
	if v, ok := vars.Lookup(text); ok {
		return v
	}
	return expandEnv(value.Str(text), func(n string) value.Value {
		if v, ok := vars.Lookup(n); ok {
			return v
		}
		return level.get(n)
	})
}

// Env is a node's environment variable: built-in names, then group, tab or
// subflow and their parents, then the process; undefined if there is none.
func (c *Call) Env(name string) value.Value {
	d := c.n.def
	switch name {
	case "NR_NODE_NAME":
		return c.n.name()
	case "NR_NODE_ID":
		return value.Str(d.ID)
	case "NR_NODE_PATH":
		return value.Str(d.Path)
	}
	if d.Group != nil {
		return c.e.groups[d.Group].get(name)
	}
	if sc := c.e.scopes[d.Scope]; sc != nil {
		return sc.env.get(name)
	}
	return c.e.processEnv(name)
}

var (
	wholeEnv = regexp.MustCompile(`^\$\{[^}]+\}$`)
	anyEnv   = regexp.MustCompile(`\$\{\S+\}`)
	eachEnv  = regexp.MustCompile(`\$\{([^}]+)\}`)
)

// expandEnv evaluates a typed input of type env: a name, ${name}, or text with
// ${name} in it.
func expandEnv(v value.Value, get func(string) value.Value) value.Value {
	text := value.ToString(v)
	var out value.Value
	switch {
	case wholeEnv.MatchString(text):
		out = get(text[2 : len(text)-1])
	case !anyEnv.MatchString(text):
		out = get(text)
	default:
		return value.Str(eachEnv.ReplaceAllStringFunc(text, func(m string) string {
			if found := get(m[2 : len(m)-1]); !found.IsUndefined() {
				return value.ToString(found)
			}
			return ""
		}))
	}
	if out.IsUndefined() {
		return value.Str("")
	}
	return out
}

// substitute gives a node's properties with every string that is just ${NAME} or
// $(NAME) replaced by the variable, where there is one.
func (e *Engine) substitute(n *node) *value.Object {
	if !refersToEnv(value.Of(n.def.Config)) {
		return n.def.Config
	}
	out := value.Clone(value.Of(n.def.Config)).Object()
	out.Delete("credentials")
	return replaceEnv(value.Of(out), &n.call).Object()
}

func envRef(v value.Value) (string, bool) {
	s := v.Str()
	if len(s) < 4 || s[0] != '$' || strings.ContainsAny(s, " \t\r\n") {
		return "", false
	}
	if s[1] == '{' && s[len(s)-1] == '}' || s[1] == '(' && s[len(s)-1] == ')' {
		return s[2 : len(s)-1], true
	}
	return "", false
}

func refersToEnv(v value.Value) bool {
	switch v.Kind() {
	case value.KindString:
		_, ok := envRef(v)
		return ok
	case value.KindObject:
		for i := 0; i < v.Object().Len(); i++ {
			if refersToEnv(v.Object().At(i).Value) {
				return true
			}
		}
	case value.KindArray:
		for _, el := range v.Array().Elems {
			if refersToEnv(el) {
				return true
			}
		}
	}
	return false
}

func replaceEnv(v value.Value, c *Call) value.Value {
	switch v.Kind() {
	case value.KindString:
		if name, ok := envRef(v); ok {
			if found := c.Env(name); !found.IsUndefined() {
				return found
			}
		}
	case value.KindObject:
		for i := 0; i < v.Object().Len(); i++ {
			p := v.Object().At(i)
			p.Value = replaceEnv(p.Value, c)
		}
	case value.KindArray:
		for i, el := range v.Array().Elems {
			v.Array().Elems[i] = replaceEnv(el, c)
		}
	}
	return v
}

// specialNames are the built-in variables of a scope.
func specialNames(s *flow.Scope) func(string) (value.Value, bool) {
	switch s.Kind {
	case flow.ScopeSubflow:
		n := s.Instance
		name, id, path := s.Title, value.Str(n.ID), value.Str(n.Path)
		return names("NR_NODE_NAME", name, "NR_SUBFLOW_NAME", name, "NR_NODE_ID", id, "NR_SUBFLOW_ID", id,
			"NR_NODE_PATH", path, "NR_SUBFLOW_PATH", path)
	case flow.ScopeTab:
		return names("NR_FLOW_NAME", s.Title, "NR_FLOW_ID", s.ID)
	}
	return names("NR_FLOW_NAME", value.Undefined, "NR_FLOW_ID", value.Undefined)
}
