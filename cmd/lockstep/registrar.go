package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func registrarCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use: "registrar", Short: "Be a registrar on Energy Web X: groups, solutions, nominations, voting rounds",
		Long: `registrar does what enterprises do on Energy Web X: register groups of solutions and what
operators earn in them, register solutions by the CID of their flow, put them into groups,
nominate workers, open voting rounds. Somebody who may do so has to allow a registrar first.` + signHelp,
		Example: `  lockstep registrar signup --name "ACME" --location DE --rpc wss://NODE --key-file key.txt
  lockstep registrar group create GROUP --name "My group" --min-stake 10 --max-stake 100 --operators 50 \
      --start 5000000 --end 7000000 --subscription-reward 0.001 --voting-reward 0.002 --rpc wss://NODE --key-file key.txt
  lockstep registrar solution register SOLUTION --name "My flow" --cid bafk… --expires 7000000 \
      --max-waiting 50 --threshold 60 --quorum 50 --rpc wss://NODE --key-file key.txt
  lockstep registrar nominate SOLUTION WORKER WORKER --rpc wss://NODE --key-file key.txt`,
	}
	return verbs(c, signupCommand(s, "registrar", "signup_solution_registrar"),
		signCommand(s, &cobra.Command{Use: "delete", Short: "Stop being a registrar"}, order{call: "delete_solution_registrar"}),
		groupCommand(s), solutionCommand(s), nominateCommand(s),
		signCommand(s, &cobra.Command{Use: "allow-operator GROUP OPERATOR", Short: "Let an operator subscribe to a group with an allow-list", Args: cobra.ExactArgs(2)},
			order{call: "allow_operator", args: positional(nameAt("group_namespace|namespace", "GROUP"), accountAt("operator", "OPERATOR"))}),
		signCommand(s, &cobra.Command{Use: "disallow-operator GROUP OPERATOR", Short: "Take an operator off the allow-list of a group", Args: cobra.ExactArgs(2)},
			order{call: "remove_allowed_operator", args: positional(nameAt("group_namespace|namespace", "GROUP"), accountAt("operator", "OPERATOR"))}),
		signCommand(s, &cobra.Command{Use: "allow-cid GROUP CID", Short: "Let solutions with a flow of this CID into a group with a list of CIDs", Args: cobra.ExactArgs(2)},
			order{call: "allow_new_cid", args: positional(nameAt("group_namespace|namespace", "GROUP"), nameAt("cid|work_logic_cid", "CID"))}),
		signCommand(s, &cobra.Command{Use: "open-round SOLUTION ROUND", Short: "Open a voting round", Args: cobra.ExactArgs(2)},
			order{call: "open_voting_round", args: positional(nameAt("solution_namespace|namespace", "SOLUTION"), nameAt("voting_round_id", "ROUND"))}),
		signCommand(s, &cobra.Command{Use: "allow ACCOUNT", Short: "Let an account sign up as registrar (the chain's sudo key only)", Args: cobra.ExactArgs(1)},
			order{call: "allow_account", sudo: true, args: positional(accountAt("account", "ACCOUNT"))}),
		signCommand(s, &cobra.Command{Use: "disallow ACCOUNT", Short: "Take that back (the chain's sudo key only)", Args: cobra.ExactArgs(1)},
			order{call: "remove_allowed_account", sudo: true, args: positional(accountAt("account", "ACCOUNT"))}))
}

func nominateCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "nominate SOLUTION WORKER...", Short: "Say which workers may vote for a solution, instead of those before", Args: cobra.MinimumNArgs(1)}
	none := c.Flags().Bool("none", false, "send an empty list, which ends the nominations")
	return signCommand(s, c, order{call: "nominate_worker_nodes", args: func(texts []string) ([]argument, error) {
		if *none != (len(texts) == 1) {
			return nil, errors.New("name the workers by their addresses, or none of them and --none")
		}
		solution, err := nameAt("solution_namespace|namespace", "SOLUTION")(texts[0])
		if err != nil {
			return nil, err
		}
		workers := argument{path: "worker_node_accounts|workers", from: "WORKER", given: true, needed: true}
		list := []any{}
		for _, t := range texts[1:] {
			a, err := accountAt("", "WORKER")(t)
			if err != nil {
				return nil, err
			}
			list, workers.dev = append(list, a.value), workers.dev || a.dev
		}
		workers.value = list
		return []argument{solution, workers}, nil
	}})
}

// statusCommand makes a verb that changes the status of a solution.
func statusCommand(s streams, verb, short, status string) *cobra.Command {
	return signCommand(s, &cobra.Command{Use: verb + " SOLUTION", Short: short, Args: cobra.ExactArgs(1)}, order{call: "set_activation_status",
		args: func(texts []string) ([]argument, error) {
			ns, err := nameAt("namespace|solution_namespace", "SOLUTION")(texts[0])
			return []argument{ns, {path: "new_status|status", from: verb, value: status, given: true, needed: true}}, err
		}})
}

func solutionCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "solution", Short: "Register solutions and put them into groups"}
	one := func(call string) order {
		return order{call: call, args: positional(nameAt("namespace|solution_namespace", "SOLUTION"))}
	}
	return verbs(c, registerCommand(s),
		statusCommand(s, "activate", "Let workers run a solution", "Active"),
		statusCommand(s, "pause", "Stop a solution until it is activated again", "Paused"),
		statusCommand(s, "end", "Stop a solution for good", "Ended"),
		signCommand(s, &cobra.Command{Use: "delete SOLUTION", Short: "Delete a solution that is in no group", Args: cobra.ExactArgs(1)}, one("delete_solution")),
		signCommand(s, &cobra.Command{Use: "add GROUP SOLUTION", Short: "Put a solution into a group", Args: cobra.ExactArgs(2)},
			order{call: "add_solution_to_group", args: positional(nameAt("group_namespace", "GROUP"), nameAt("solution_namespace", "SOLUTION"))}),
		signCommand(s, &cobra.Command{Use: "remove SOLUTION", Short: "Take a solution out of its group", Args: cobra.ExactArgs(1)}, one("remove_solution_from_group")))
}

// infoFlags adds what groups and solutions say of themselves.
func infoFlags(c *cobra.Command, what string) {
	p := c.Flags()
	p.String("name", "", "name of the "+what)
	p.String("description", "", "what it is")
	p.String("publisher", "", "who publishes it")
	p.String("logo", "", "URL of a picture; none if it is left out")
}

// info gives that as arguments; before is how their names begin.
func info(c *cobra.Command, before string) []argument {
	logo := textArg(c, before+"logo_url", "logo", false)
	if !logo.given {
		logo.value = nil
	}
	return []argument{textArg(c, before+"name", "name", true), textArg(c, before+"description", "description", false),
		textArg(c, before+"publisher_info", "publisher", false), logo}
}

// numberArg is an argument that is a number of a flag.
func numberArg(c *cobra.Command, path, flag string, needed bool) argument {
	v, _ := c.Flags().GetUint32(flag) // the flag is there
	return argument{path: path, from: "--" + flag, value: v, given: c.Flags().Changed(flag), needed: needed}
}

// boolArg is one that is a switch.
func boolArg(c *cobra.Command, path, flag string) argument {
	v, _ := c.Flags().GetBool(flag) // the flag is there
	return argument{path: path, from: "--" + flag, value: v, given: c.Flags().Changed(flag)}
}

// percentArg is one that is a share in percent.
func percentArg(c *cobra.Command, path, flag string) (argument, error) {
	a := numberArg(c, path, flag, true)
	if n, _ := a.value.(uint32); n > 100 {
		return a, fmt.Errorf("--%s %d is more than 100 percent", flag, n)
	}
	return a, nil
}

// amountArg is one that is an amount of EWT.
func amountArg(c *cobra.Command, path, flag string, needed bool) (argument, error) {
	text, _ := c.Flags().GetString(flag) // the flag is there
	a := argument{path: path, from: "--" + flag, given: c.Flags().Changed(flag), needed: needed}
	if !a.given {
		text = "0"
	}
	n, err := amount("--"+flag, text)
	a.value = n
	return a, err
}

func registerCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "register SOLUTION", Short: "Register a solution, by the CID of its flow; it is paused at first", Args: cobra.ExactArgs(1)}
	infoFlags(c, "solution")
	p := c.Flags()
	p.String("cid", "", "content identifier of the flow, as lockstep cid gives it")
	p.String("environment", "NodeRedV1", "what runs the flow")
	p.Uint32("expires", 0, "last block of the solution")
	p.Uint32("max-waiting", 0, "how long a voting round waits for votes; EWX says in what unit")
	p.Uint32("threshold", 0, "percent of votes that must agree, 1 to 100")
	p.Uint32("quorum", 0, "percent of workers that must vote, 1 to 100, where the chain asks for it")
	p.Bool("any-group", false, "let others put it into their groups")
	return signCommand(s, c, order{call: "register_solution", args: func(texts []string) ([]argument, error) {
		ns, err := nameAt("namespace", "SOLUTION")(texts[0])
		if err != nil {
			return nil, err
		}
		threshold, err := percentArg(c, "vote_threshold_percent", "threshold")
		if err != nil {
			return nil, err
		}
		quorum, err := percentArg(c, "quorum_percent|quorum", "quorum")
		if err != nil {
			return nil, err
		}
		environment, _ := p.GetString("environment") // the flag is there
		return append(info(c, ""), ns, threshold, quorum, textArg(c, "work_logic_cid|cid", "cid", true),
			argument{path: "execution_environment", from: "--environment", value: environment, given: p.Changed("environment")},
			numberArg(c, "expiration_block", "expires", true), numberArg(c, "max_waiting_threshold", "max-waiting", true),
			boolArg(c, "addition_to_extraneous_groups_allowed", "any-group")), nil
	}})
}

// rewardChange reads how a reward of a group is raised: by a factor, or by an amount.
func rewardChange(c *cobra.Command, what string) (argument, error) {
	a := argument{path: "*." + what, from: "--" + what + "-add or --" + what + "-times"}
	add, err := amountArg(c, "", what+"-add", false)
	if err != nil {
		return a, err
	}
	times := numberArg(c, "", what+"-times", false)
	switch {
	case add.given && times.given:
		return a, fmt.Errorf("--%s-add or --%s-times, not both", what, what)
	case add.given:
		a.value, a.given = map[string]any{"Amount": add.value}, true
	case times.given:
		a.value, a.given = map[string]any{"Times": times.value}, true
	}
	return a, nil
}

func raiseCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "raise-rewards GROUP", Short: "Raise the rewards of a group from the next period on; each call adds to those before", Args: cobra.ExactArgs(1)}
	for _, what := range []string{"subscription", "voting"} {
		c.Flags().String(what+"-add", "", "EWT for each block that are added to the "+what+" reward")
		c.Flags().Uint32(what+"-times", 0, "whole number by which the "+what+" reward is multiplied")
	}
	return signCommand(s, c, order{call: "raise_group_rewards", args: func(texts []string) ([]argument, error) {
		ns, err := nameAt("namespace|group_namespace", "GROUP")(texts[0])
		if err != nil {
			return nil, err
		}
		subscription, err := rewardChange(c, "subscription")
		if err != nil {
			return nil, err
		}
		voting, err := rewardChange(c, "voting")
		if err != nil {
			return nil, err
		}
		if !subscription.given && !voting.given {
			return nil, fmt.Errorf("say what is raised: %s, %s", subscription.from, voting.from)
		}
		return []argument{ns, subscription, voting, {path: "*.bonus", from: "--arg"}}, nil
	}})
}

func groupCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "group", Short: "Register groups, which operators subscribe to"}
	return verbs(c, createCommand(s), raiseCommand(s),
		signCommand(s, &cobra.Command{Use: "delete GROUP", Short: "Delete a group without solutions and subscriptions", Args: cobra.ExactArgs(1)},
			order{call: "solution_group_deregistration", args: positional(nameAt("namespace|group_namespace", "GROUP"))}))
}

func createCommand(s streams) *cobra.Command {
	c := &cobra.Command{Use: "create GROUP", Short: "Register a group; the chain keeps all it may pay as a deposit", Args: cobra.ExactArgs(1)}
	infoFlags(c, "group")
	p := c.Flags()
	p.String("min-stake", "", "least stake of an operator in EWT")
	p.String("max-stake", "", "largest stake of an operator in EWT")
	p.Uint32("operators", 0, "how many operators may subscribe")
	p.Bool("allow-list", false, "only operators that are allowed may subscribe")
	p.Uint32("allowed", 0, "how many operators may be allowed, with --allow-list")
	p.Uint32("subscribe-from", 0, "first block in which operators may subscribe")
	p.Uint32("start", 0, "first block in which the group is at work")
	p.Uint32("end", 0, "block at which it ends")
	p.Uint32("withdrawal-delay", 0, "blocks for which a stake stays locked after unsubscribing")
	p.String("subscription-reward", "0", "EWT for each block, shared by stake")
	p.String("voting-reward", "0", "EWT for each block, shared by stake and votes")
	p.Bool("cid-list", false, "only solutions with allowed CIDs may join, where the chain has such lists")
	return signCommand(s, c, order{call: "solution_group_registration", args: func(texts []string) ([]argument, error) {
		ns, err := nameAt("namespace|group_namespace", "GROUP")(texts[0])
		if err != nil {
			return nil, err
		}
		out := append(info(c, "info."), ns,
			numberArg(c, "operators_config.start_block", "subscribe-from", false), numberArg(c, "operators_config.max_operator_workers", "operators", true),
			numberArg(c, "operators_config.allowed_operators", "allowed", false), boolArg(c, "operators_config.has_operators_allowlist", "allow-list"),
			numberArg(c, "operation_start_block", "start", true), numberArg(c, "operation_end_block", "end", true),
			numberArg(c, "withdrawal_delay", "withdrawal-delay", false), boolArg(c, "has_cid_allowance|has_cid_allow_list", "cid-list"))
		for _, a := range []struct {
			path, flag string
			needed     bool
		}{
			{"operators_config.staking_amounts.min", "min-stake", true}, {"operators_config.staking_amounts.max", "max-stake", true},
			{"rewards_config.subscription_reward_per_block", "subscription-reward", false}, {"rewards_config.voting_reward_per_block", "voting-reward", false},
		} {
			x, err := amountArg(c, a.path, a.flag, a.needed)
			if err != nil {
				return nil, err
			}
			out = append(out, x)
		}
		return append(out, argument{path: "rewards_config.top_performance_bonus", from: "--arg", value: 0}), nil
	}})
}
