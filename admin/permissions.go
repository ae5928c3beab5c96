package admin

import (
	"strings"

	"github.com/lockstep-flows/lockstep/engine/value"
)

// allows reports whether a scope (a name, or a list of which one suffices) has a
// permission (a name, or a list that must all be had). "*" has all, "read" and
// "write" have those that end so, "" is had by all.
func allows(scope, permission value.Value) bool {
	if permission.IsString() && permission.Str() == "" {
		return true
	}
	if list := permission.Array(); list != nil {
		for _, p := range list.Elems {
			if !allows(scope, p) {
				return false
			}
		}
		return true
	}
	if list := scope.Array(); list != nil {
		for _, s := range list.Elems {
			if allows(s, permission) {
				return true
			}
		}
		return false
	}
	if !scope.IsString() {
		return scope.IsUndefined() && permission.IsUndefined()
	}
	p := permission.Str()
	switch s := scope.Str(); s {
	case "*":
		return true
	case "read", "*.read":
		return permission.IsString() && (p == s || ends(p, "read"))
	case "write", "*.write":
		return permission.IsString() && (p == s || ends(p, "write"))
	default:
		return permission.IsString() && s == p
	}
}

func ends(permission, kind string) bool {
	rest, ok := strings.CutSuffix(permission, kind)
	return ok && (rest == "" || len(rest) > 1 && rest[len(rest)-1] == '.')
}
