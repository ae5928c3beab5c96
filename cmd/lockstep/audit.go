package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-flows/lockstep/audit"
)

// auditFlows prints what in flows can make machines differ, and fails if a policy does
// not allow it.
func auditFlows(s streams, files []string, allow []string, asJSON bool) error {
	var kinds []audit.Kind
	for _, a := range allow {
		k := audit.Kind(strings.TrimSpace(a))
		if !slices.Contains(audit.Kinds(), k) {
			return exitError{exitUsage, fmt.Sprintf("--allow %s: the kinds are %s", a, kindList())}
		}
		kinds = append(kinds, k)
	}
	read, err := inputs(s.in, files)
	if err != nil {
		return err
	}
	docs, err := documents(read)
	if err != nil {
		return err
	}
	found := audit.Flows(docs...)
	refused := audit.Refused(found, kinds)
	if err := printFindings(s, found, len(refused), asJSON); err != nil {
		return err
	}
	if len(refused) > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

func kindList() string {
	var list []string
	for _, k := range audit.Kinds() {
		list = append(list, string(k))
	}
	return strings.Join(list, ", ")
}

func printFindings(s streams, found []audit.Finding, refused int, asJSON bool) error {
	if asJSON {
		if found == nil {
			found = []audit.Finding{}
		}
		return json.NewEncoder(s.out).Encode(found)
	}
	for _, f := range found {
		what := f.What
		if f.CodeLine > 0 {
			what += fmt.Sprintf(" (line %d, col %d)", f.CodeLine, f.CodeColumn)
		}
		verdict := "differs"
		if f.Harmless {
			verdict = "harmless"
		}
		fmt.Fprintf(s.out, "%s:%d:%d: %s %s: node %s (%s) %s: %s: %s; %s\n", f.File, f.Line, f.Column, verdict, f.Kind, f.Node, f.Type, f.Property, what, f.Why, f.Advice)
	}
	_, err := fmt.Fprintf(s.out, "%s, %d not allowed\n", count(len(found), "finding"), refused)
	return err
}
