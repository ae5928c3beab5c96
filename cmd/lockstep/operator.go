package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/spf13/cobra"

	"github.com/lockstep-flows/lockstep/worker/onchain"
)

// signHelp is said of all verbs that sign.
const signHelp = `

A verb that signs shows what it will sign, read from the very bytes, asks, and waits until
the transaction is in a final block. An error of the chain is named, with exit code 1.
The key comes from --key-file (only its owner may read the file), --keystore, or
LOCKSTEP_KEY; never from the command line. --dev //Bob is for keys that everybody knows, on
chains that say that they are for development.

What a call asks for is read from the chain. An argument that this version does not know is
named in the error, and is given by --arg NAME=JSON.`

func operatorCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use: "operator", Short: "Be an operator on Energy Web X: connect a worker, subscribe to groups, claim rewards",
		Long: `operator does what the desktop application does for an operator on Energy Web X: sign up,
connect a worker, subscribe to groups of solutions with a stake, watch and claim rewards.` + signHelp,
		Example: `  lockstep operator status --address 5F…
  lockstep operator signup --name "Ada" --location DE --rpc wss://NODE --key-file key.txt
  lockstep operator connect WORKER --rpc wss://NODE --key-file key.txt
  lockstep operator subscribe GROUP --stake 12.5 --dry-run --address 5F…
  lockstep operator claim --yes --json --rpc wss://NODE --keystore account.json`,
	}
	return verbs(c, signupCommand(s, "operator", "signup_worker_node_operator"),
		signCommand(s, &cobra.Command{Use: "deregister", Short: "Stop being an operator"}, order{call: "operator_deregistration"}),
		signCommand(s, &cobra.Command{Use: "connect WORKER", Short: "Connect a worker, by its address", Args: cobra.ExactArgs(1)},
			order{call: "connect_worker_node", args: positional(accountAt("worker_node_account", "WORKER"))}),
		signCommand(s, &cobra.Command{Use: "disconnect", Short: "Disconnect the worker"}, order{call: "disconnect_worker_node"}),
		subscribeCommand(s),
		signCommand(s, &cobra.Command{Use: "unsubscribe GROUP", Short: "End a subscription; the stake is free after the group's delay", Args: cobra.ExactArgs(1)},
			order{call: "unsubscribe_from_solution_group", args: positional(nameAt("namespace|group_namespace", "GROUP"))}),
		topUpCommand(s), claimCommand(s),
		readCommand(s, &cobra.Command{Use: "rewards", Short: "Show what was earned and not claimed yet"},
			func(ctx context.Context, w *onchain.Chain, address string) (any, error) {
				return w.RewardsOf(ctx, address)
			}, showRewards),
		readCommand(s, &cobra.Command{Use: "status", Short: "Show worker, subscriptions, stakes, votes and period"},
			func(ctx context.Context, w *onchain.Chain, address string) (any, error) {
				return w.OperatorOf(ctx, address)
			}, showOperator))
}

// place reads the argument of a call at a position of the command line.
type place func(text string) (argument, error)

// nameAt is a namespace, a round or another short text; 0x… stands for its bytes.
func nameAt(path, what string) place {
	return func(text string) (argument, error) {
		if text == "" {
			return argument{}, fmt.Errorf("%s is empty", what)
		}
		return argument{path: path, from: what, value: onchain.NameBytes(text), given: true, needed: true}, nil
	}
}

// accountAt is an account.
func accountAt(path, what string) place {
	return func(text string) (argument, error) {
		id, dev, err := accountArg(what, text)
		return argument{path: path, from: what, value: id, given: true, needed: true, dev: dev}, err
	}
}

// positional reads the arguments of a call from the command line, one after another.
func positional(list ...place) func([]string) ([]argument, error) {
	return func(texts []string) (out []argument, err error) {
		for i, p := range list {
			a, err := p(texts[i])
			if err != nil {
				return nil, err
			}
			out = append(out, a)
		}
		return out, nil
	}
}

// textArg is an argument that is a text of a flag.
func textArg(c *cobra.Command, path, flag string, needed bool) argument {
	v, _ := c.Flags().GetString(flag) // the flag is there
	return argument{path: path, from: "--" + flag, value: []byte(v), given: c.Flags().Changed(flag), needed: needed}
}

// signupCommand is the sign-up of operators and registrars.
func signupCommand(s streams, who, call string) *cobra.Command {
	c := &cobra.Command{Use: "signup", Short: "Sign up as " + who + "; the chain keeps a deposit until you leave"}
	c.Flags().String("name", "", "your name, which everybody can read")
	c.Flags().String("location", "", "where you are registered, such as DE")
	return signCommand(s, c, order{call: call, args: func([]string) ([]argument, error) {
		return []argument{textArg(c, "friendly_name|name", "name", true), textArg(c, "legal_location|location", "location", true)}, nil
	}})
}

// stakeFlag adds --stake and gives its reader.
func stakeFlag(c *cobra.Command, use string) func() (*big.Int, error) {
	text := c.Flags().String("stake", "", use)
	return func() (*big.Int, error) {
		if *text == "" {
			return nil, errors.New("--stake is needed: an amount in EWT such as 12.5")
		}
		n, err := amount("--stake", *text)
		if err == nil && n.Sign() == 0 {
			err = errors.New("--stake is 0")
		}
		return n, err
	}
}

func subscribeCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "subscribe GROUP", Short: "Subscribe to a group with a stake; it counts from the next period on", Args: cobra.ExactArgs(1)}
	stake := stakeFlag(c, "stake in EWT, such as 12.5")
	return signCommand(s, c, order{call: "subscribe_to_solution_group",
		args: func(texts []string) ([]argument, error) {
			return withStake(stake, "namespace|group_namespace", "stake_amount|stake", texts)
		},
		look: func(ctx context.Context, w *onchain.Chain, _ string, texts []string) ([]argument, error) {
			n, err := stake()
			if err != nil {
				return nil, err
			}
			return nil, inBounds(ctx, w, "", texts[0], n)
		}})
}

func topUpCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "top-up GROUP", Short: "Add to the stake of a subscription; it counts from the next period on", Args: cobra.ExactArgs(1)}
	stake := stakeFlag(c, "what to add to the stake in EWT, such as 12.5")
	return signCommand(s, c, order{call: "top_up_stake",
		args: func(texts []string) ([]argument, error) {
			return withStake(stake, "group_name|namespace|group_namespace", "increase_amount|stake_amount", texts)
		},
		look: func(ctx context.Context, w *onchain.Chain, address string, texts []string) ([]argument, error) {
			n, err := stake()
			if err != nil {
				return nil, err
			}
			return nil, inBounds(ctx, w, address, texts[0], n)
		}})
}

// withStake reads a group and a stake.
func withStake(stake func() (*big.Int, error), group, amount string, texts []string) ([]argument, error) {
	g, err := nameAt(group, "GROUP")(texts[0])
	if err != nil {
		return nil, err
	}
	n, err := stake()
	return []argument{g, {path: amount, from: "--stake", value: n, given: true, needed: true}}, err
}

// inBounds makes sure that the stake of an operator is what the group takes; address is "" if
// it has none yet.
func inBounds(ctx context.Context, w *onchain.Chain, address, group string, more *big.Int) error {
	ns := onchain.NameBytes(group)
	terms, err := w.Terms(ctx, ns)
	switch {
	case err != nil:
		return err
	case terms == nil:
		return fmt.Errorf("there is no group %s", onchain.Name(ns))
	}
	sum, text := more, onchain.EWT(more)+" EWT"
	if address != "" {
		has, err := w.StakeOf(ctx, address, ns)
		if err != nil {
			return err
		}
		if has.Next.Sign() == 0 {
			return fmt.Errorf("%s has no stake in the group %s: subscribe first", address, onchain.Name(ns))
		}
		sum = new(big.Int).Add(more, has.Next)
		text = fmt.Sprintf("%s and %s, together %s EWT", onchain.EWT(has.Next), onchain.EWT(more), onchain.EWT(sum))
	}
	if terms.MinStake == nil || terms.MaxStake == nil || sum.Cmp(terms.MinStake) >= 0 && sum.Cmp(terms.MaxStake) <= 0 {
		return nil
	}
	return fmt.Errorf("the group %s takes a stake from %s to %s EWT, not %s", onchain.Name(ns), onchain.EWT(terms.MinStake), onchain.EWT(terms.MaxStake), text)
}

func claimCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "claim [GROUP]...", Short: "Claim the rewards of groups; of all that have some if none is named", Args: cobra.ArbitraryArgs,
		Long: `claim pays out the rewards of the groups that are named, or of all that have some. If the
chain answers TooManyGroupNamespaces, name fewer at a time.`}
	return signCommand(s, c, order{call: "claim_rewards",
		look: func(ctx context.Context, w *onchain.Chain, address string, texts []string) ([]argument, error) {
			groups := []any{}
			for _, t := range texts {
				groups = append(groups, onchain.NameBytes(t))
			}
			if len(groups) == 0 {
				r, err := w.RewardsOf(ctx, address)
				if err != nil {
					return nil, err
				}
				if len(r.Groups) == 0 {
					return nil, fmt.Errorf("%s has no rewards to claim", r.Address)
				}
				for _, g := range r.Groups {
					groups = append(groups, g.Namespace)
				}
			}
			return []argument{{path: "group_namespaces|namespaces", from: "GROUP", value: groups, given: true, needed: true}}, nil
		}})
}

// blocksText says how long so many blocks are, at the pace of Energy Web X.
func blocksText(n uint32) string {
	return fmt.Sprintf("%d blocks, about %s at 12 s each", n, time.Duration(n)*12*time.Second)
}
