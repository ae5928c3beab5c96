package schema

import (
	"github.com/lockstep-flows/lockstep/engine/value"
)

// shape is what the meta-schema wants of the value of a keyword.
type shape int

const (
	isText shape = iota
	isBool
	isNumber
	isPositive
	isCount
	isList
	isSchema
	isSchemas
	isItems
	isSchemaMap
	isNames
	isDependencies
	isEnum
	isTypes
)

// shapes are those of the meta-schema of draft-07.
var shapes = map[string]shape{
	"$id": isText, "$schema": isText, "$ref": isText, "title": isText, "description": isText,
	"format": isText, "pattern": isText, "uniqueItems": isBool,
	"maximum": isNumber, "minimum": isNumber, "exclusiveMaximum": isNumber, "exclusiveMinimum": isNumber, "multipleOf": isPositive,
	"maxLength": isCount, "minLength": isCount, "maxItems": isCount, "minItems": isCount, "maxProperties": isCount, "minProperties": isCount,
	"examples": isList, "additionalItems": isSchema, "contains": isSchema, "additionalProperties": isSchema, "propertyNames": isSchema,
	"not": isSchema, "items": isItems, "allOf": isSchemas, "anyOf": isSchemas, "oneOf": isSchemas,
	"definitions": isSchemaMap, "properties": isSchemaMap, "patternProperties": isSchemaMap, "required": isNames,
	"dependencies": isDependencies, "enum": isEnum, "type": isTypes,
}

// shapes07 are those that draft-06 does not have.
var shapes07 = map[string]shape{"$comment": isText, "readOnly": isBool, "contentMediaType": isText, "contentEncoding": isText,
	"if": isSchema, "then": isSchema, "else": isSchema}

// checkMeta checks a schema by the meta-schema it names, draft-07 if it names none.
func checkMeta(v value.Value) error {
	id := v.Object().Get("$schema")
	if !id.IsUndefined() && !id.IsString() {
		return errInvalid
	}
	draft07 := true
	switch trimHash(id.Str()) {
	case "", "http://json-schema.org/draft-07/schema", "http://json-schema.org/schema":
	case "http://json-schema.org/draft-06/schema":
		draft07 = false
	default:
		return errInvalid
	}
	if !(meta{draft07}).schema(v) {
		return errInvalid
	}
	return nil
}

// meta checks the shape of schemas.
type meta struct{ draft07 bool }

func (m meta) schema(v value.Value) bool {
	o := v.Object()
	if o == nil {
		return v.IsBool()
	}
	for i := range o.Len() {
		p := o.At(i)
		want, ok := shapes[p.Key]
		if !ok && m.draft07 {
			want, ok = shapes07[p.Key]
		}
		if ok && !p.Value.IsUndefined() && !m.has(p.Value, want) {
			return false
		}
	}
	return true
}

func (m meta) has(v value.Value, s shape) bool {
	switch s {
	case isText:
		return v.IsString()
	case isBool:
		return v.IsBool()
	case isNumber:
		return isType(v, "number")
	case isPositive:
		return isType(v, "number") && v.Num() > 0
	case isCount:
		return isType(v, "integer") && v.Num() >= 0
	case isList:
		return v.Array() != nil
	case isSchema:
		return m.schema(v)
	case isSchemas:
		return m.schemas(v)
	case isItems:
		return m.schema(v) || m.schemas(v)
	case isSchemaMap:
		return m.all(v, m.schema)
	case isDependencies:
		return m.all(v, func(e value.Value) bool { return m.schema(e) || names(e) })
	case isNames:
		return names(v)
	case isEnum:
		return v.Array().Length() > 0 && unique(v)
	}
	if v.IsString() {
		return typeNames[v.Str()]
	}
	return v.Array().Length() > 0 && unique(v) && every(v, func(e value.Value) bool { return typeNames[e.Str()] })
}

func (m meta) schemas(v value.Value) bool { return v.Array().Length() > 0 && every(v, m.schema) }

func (m meta) all(v value.Value, ok func(value.Value) bool) bool {
	o := v.Object()
	if o == nil {
		return false
	}
	for i := range o.Len() {
		if e := o.At(i).Value; !e.IsUndefined() && !ok(e) {
			return false
		}
	}
	return true
}

func every(v value.Value, ok func(value.Value) bool) bool {
	if v.Array() == nil {
		return false
	}
	for _, e := range v.Array().Elems {
		if !ok(e) {
			return false
		}
	}
	return true
}

func unique(v value.Value) bool {
	_, _, found := duplicate(v.Array().Elems)
	return !found
}

func names(v value.Value) bool {
	return every(v, value.Value.IsString) && unique(v)
}
