package main

import (
	"fmt"
	"strconv"
	"text/tabwriter"

	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// printed gives a text of the chain for a terminal: in quotes if it would do something there.
func printed(text string) string {
	if onchain.Printable(text) {
		return text
	}
	return strconv.Quote(text)
}

// showPeriod says where the chain is.
func showPeriod(s streams, block uint32, p onchain.Period) {
	end := p.Begins(p.Index + 1)
	fmt.Fprintf(s.out, "block      %d, period %d: blocks %d to %d\n", block, p.Index, p.First, end-1)
	if end > block {
		fmt.Fprintf(s.out, "next       period %d in %s\n", p.Index+1, blocksText(end-block))
	}
}

// showOperator prints what operator status found.
func showOperator(s streams, v any) {
	o := v.(*onchain.Operator)
	fmt.Fprintf(s.out, "operator   %s\n", o.Address)
	if o.SignedUp {
		fmt.Fprintf(s.out, "signed up  %s, %s\n", printed(o.Name), printed(o.Location))
	} else {
		fmt.Fprintln(s.out, "signed up  no: lockstep operator signup")
	}
	worker := o.Worker
	if worker == "" {
		worker = "none: lockstep operator connect WORKER"
	}
	fmt.Fprintf(s.out, "worker     %s\n", worker)
	fmt.Fprintf(s.out, "balance    %s EWT free, %s EWT reserved\n", onchain.EWT(o.Free.Int), onchain.EWT(o.Reserved.Int))
	showPeriod(s, o.Block, o.Period)
	if len(o.Subscriptions) == 0 {
		fmt.Fprintln(s.out, "groups     none")
		return
	}
	fmt.Fprintln(s.out)
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "group\tname\tstake now\tnext period\tallowed\tvotes\tremarks")
	for _, sub := range o.Subscriptions {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s-%s\t%s\t%s\n", sub.Group, printed(sub.Name), onchain.EWT(sub.Current.Int), onchain.EWT(sub.Next.Int),
			onchain.EWT(sub.MinStake.Int), onchain.EWT(sub.MaxStake.Int), votesText(o, sub), remarks(sub))
	}
	_ = w.Flush() // a closed output is no error of the chain
}

// votesText gives the votes of this period against what may be submitted, and those that
// agreed with settled rounds.
func votesText(o *onchain.Operator, sub onchain.Subscription) string {
	if sub.Votes == nil {
		return "?"
	}
	text := fmt.Sprint(*sub.Votes)
	if o.Quota != nil {
		text += fmt.Sprintf(" of %d", *o.Quota)
	}
	if sub.Correct != nil && sub.Rounds != nil {
		text += fmt.Sprintf(", %d correct in %d rounds", *sub.Correct, *sub.Rounds)
	}
	return text
}

// remarks says what will happen to a subscription.
func remarks(sub onchain.Subscription) string {
	switch {
	case sub.UnsubscribesAt > 0:
		return fmt.Sprintf("ends at block %d", sub.UnsubscribesAt)
	case sub.FromBlock > 0:
		return fmt.Sprintf("counts from period %d, block %d", sub.FromPeriod, sub.FromBlock)
	}
	return ""
}

// showRewards prints what operator rewards found.
func showRewards(s streams, v any) {
	r := v.(*onchain.Rewards)
	fmt.Fprintf(s.out, "operator   %s\n", r.Address)
	showPeriod(s, r.Block, r.Period)
	if r.Through != nil {
		fmt.Fprintf(s.out, "calculated through period %d\n", *r.Through)
	}
	fmt.Fprintln(s.out)
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "group\tname\tsubscription\tvoting\tclaimable EWT")
	for _, g := range r.Groups {
		name := printed(g.Name)
		if g.Gone {
			name = "(deregistered)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", g.Group, name, onchain.EWT(g.Subscription.Int), onchain.EWT(g.Voting.Int), onchain.EWT(g.Claimable.Int))
	}
	fmt.Fprintf(w, "all\t\t\t\t%s\n", onchain.EWT(r.Total.Int))
	_ = w.Flush() // a closed output is no error of the chain
}
