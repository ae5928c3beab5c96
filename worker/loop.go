package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// loop brings what runs in line with the chain, again and again.
func (w *Worker) loop(ctx context.Context) {
	for {
		any, err := w.pass(ctx)
		pause := w.c.Delay + w.o.Pauses.Good
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			w.o.Log("error", "solutions: "+err.Error())
			pause = w.o.Pauses.Failed
		case !any:
			pause = w.o.Pauses.Idle
		}
		if !sleep(ctx, pause) {
			return
		}
	}
}

// pass makes one pass; any says that there was a group whose solutions may run.
func (w *Worker) pass(ctx context.Context) (any bool, err error) {
	op, err := w.o.Chain.Operator(ctx, w.o.Address)
	if err != nil {
		return false, err
	}
	groups, all, err := w.subscribed(ctx, op)
	if err != nil {
		return false, err
	}
	w.note(op, groups, all)
	w.remove(ctx, groups, all)
	if len(groups) == 0 {
		return false, nil
	}
	block, err := w.o.Chain.Block(ctx)
	if err != nil {
		return false, err
	}
	var list []Solution
	for _, g := range groups {
		why, err := w.unfit(ctx, op, g, block)
		if err != nil {
			return true, err
		}
		if why != "" {
			w.info(fmt.Sprintf("group %s: nothing is installed: %s", g.ID, why))
			continue
		}
		any = true
		for _, s := range all {
			if s.Group != g.ID || s.Status != "Active" || len(w.c.Targets) > 0 && !slices.Contains(w.c.Targets, s.ID) {
				continue
			}
			list = append(list, s)
		}
	}
	w.installAll(ctx, list)
	return any, nil
}

// installers is how many solutions are fetched at once: content that nobody has can take minutes,
// and is not to hold up the others.
const installers = 4

// installAll installs those solutions that are not.
func (w *Worker) installAll(ctx context.Context, list []Solution) {
	next := make(chan Solution)
	var wg sync.WaitGroup
	for range min(installers, len(list)) {
		wg.Go(func() {
			for s := range next {
				if err := w.install(ctx, s); err != nil && ctx.Err() == nil {
					w.o.Log("error", fmt.Sprintf("solution %s: %v", s.ID, err))
				}
			}
		})
	}
	for _, s := range list {
		next <- s
	}
	close(next)
	wg.Wait()
	if w.fresh.CompareAndSwap(true, false) {
		debug.FreeOSMemory() // what installing took, and what runs does not need
	}
}

func (w *Worker) subscribed(ctx context.Context, op string) ([]Group, []Solution, error) {
	if op == "" {
		return nil, nil, nil
	}
	ids, err := w.o.Chain.Subscriptions(ctx, op)
	if err != nil || len(ids) == 0 {
		return nil, nil, err
	}
	groups, err := w.o.Chain.Groups(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	all, err := w.o.Chain.Solutions(ctx)
	return groups, all, err
}

func (w *Worker) note(op string, groups []Group, all []Solution) {
	var states []groupState
	for _, g := range groups {
		st := groupState{Group: g}
		for _, s := range all {
			if s.Group == g.ID {
				st.solutions = append(st.solutions, s)
			}
		}
		states = append(states, st)
	}
	w.mu.Lock()
	w.operator, w.groups = op, states
	w.mu.Unlock()
}

// remove stops solutions that are not wanted any more, or that have stopped.
func (w *Worker) remove(ctx context.Context, groups []Group, all []Solution) {
	wanted := map[string]bool{}
	for _, s := range all {
		if s.Status == "Active" && slices.ContainsFunc(groups, func(g Group) bool { return g.ID == s.Group }) && (len(w.c.Targets) == 0 || slices.Contains(w.c.Targets, s.ID)) {
			wanted[s.ID] = true
		}
	}
	w.mu.Lock()
	var list []*installed
	for id, in := range w.running {
		if !wanted[id] || in.ended() || w.c.JournalRenew && in.full.Load() {
			list = append(list, in)
		}
	}
	w.mu.Unlock()
	for _, in := range list {
		w.end(ctx, in)
	}
}

func (w *Worker) end(ctx context.Context, in *installed) {
	w.mu.Lock()
	if w.running[in.ID] == in {
		delete(w.running, in.ID)
	}
	w.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, w.c.ShutdownTime)
	defer cancel()
	if err := in.stop(ctx); err != nil {
		w.o.Log("error", fmt.Sprintf("solution %s: %v", in.ID, err))
	}
	w.info("removed solution " + in.ID)
}

// unfit says why a group's solutions may not be installed, "" if they may.
func (w *Worker) unfit(ctx context.Context, op string, g Group, block uint32) (string, error) {
	if g.StartBlock >= block {
		return fmt.Sprintf("its operation starts at block %d", g.StartBlock), nil
	}
	stake, err := w.o.Chain.Stake(ctx, op, g.ID)
	if err != nil {
		return "", err
	}
	if g.MinStake != nil && (stake == nil || stake.Cmp(g.MinStake) < 0) {
		return fmt.Sprintf("the stake is %v, it takes %v", stake, g.MinStake), nil
	}
	return "", nil
}

// install starts a solution, or replaces it if its work logic is another.
func (w *Worker) install(ctx context.Context, s Solution) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	w.mu.Lock()
	old := w.running[s.ID]
	w.mu.Unlock()
	if old != nil && old.WorkLogic == s.WorkLogic && old.Group == s.Group {
		return nil
	}
	text, cid, err := w.logic(ctx, s.WorkLogic)
	if err != nil {
		return err
	}
	d, err := ParseDocument(text)
	if err != nil {
		return err
	}
	if t, bad := d.Excluded(w.c.Excluded); bad {
		return fmt.Errorf("it has a node of the type %q, which EXCLUDED_NODES keeps out", t)
	}
	path, err := w.c.sqlitePath(w.o.Address, s)
	if err != nil {
		return err
	}
	if old != nil {
		w.end(ctx, old)
	}
	in, err := w.start(s, d, cid, Variables{
		"EWX_SOLUTION": s.JSON, "EWX_SOLUTION_ID": s.ID, "EWX_SOLUTION_GROUP_ID": s.Group, "EWX_WORKLOGIC_ID": s.WorkLogic, "EWX_SQLITE_PATH": path,
		"EWX_WORKER_ADDRESS": w.o.Address, "EWX_RPC_URL": w.urls.rpc(), "BASE_URL": w.c.BaseURLs,
	})
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.running[s.ID] = in
	w.mu.Unlock()
	w.fresh.Store(true)
	w.info(fmt.Sprintf("installed solution %s with %s", s.ID, s.WorkLogic))
	return nil
}

// logic gets a flow by its address on chain: ipfs:CID, local:NAME or a CID.
func (w *Worker) logic(ctx context.Context, text string) (doc []byte, cid string, err error) {
	scheme, rest, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		rest = text
	case scheme == "local":
		doc, err = w.local(rest)
		return doc, "", err
	case scheme != "ipfs":
		return nil, "", fmt.Errorf("work logic %q: only ipfs: and local: are known", text)
	}
	doc, err = w.fetch.Fetch(ctx, rest)
	return doc, rest, err
}

func (w *Worker) local(name string) ([]byte, error) {
	if w.c.Local == "" {
		return nil, fmt.Errorf("work logic local:%s needs LOCAL_SOLUTIONS_PATH", name)
	}
	text, err := os.ReadFile(w.c.Local)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", w.c.Local, err)
	}
	if doc, ok := all[name]; ok {
		return doc, nil
	}
	return nil, fmt.Errorf("%s has no %q", w.c.Local, name)
}
