package devnet

import (
	"fmt"
	"strings"

	"github.com/lockstep-flows/lockstep/chain/scale"
)

// stateCall calls the runtime.
func stateCall(c *Chain, _ *session, p *params) (any, *rpcError) {
	name, args, b := p.text(0), p.bytes(1), c.block(p, 2)
	if p.err != nil {
		return nil, p.err
	}
	out, err := c.runtimeCall(name, args, b)
	if err != nil {
		return nil, &rpcError{4003, "Client error: Execution failed: " + err.Error(), nil}
	}
	return hex0x(out), nil
}

func (c *Chain) runtimeCall(name string, args []byte, b *block) ([]byte, error) {
	d := scale.NewDecoder(args)
	encode := func(v any) ([]byte, error) {
		i := strings.LastIndexByte(name, '_')
		for _, a := range c.r.meta.APIs {
			for _, m := range a.Methods {
				if i > 0 && a.Name+"_"+m.Name == name {
					return c.r.meta.Types.Encode(m.Output, v)
				}
			}
		}
		return nil, fmt.Errorf("%s is not declared", name)
	}
	switch name {
	case "Core_version":
		return c.r.version, nil
	case "Metadata_metadata":
		return scale.AppendBytes(nil, c.r.v14), nil
	case "Metadata_metadata_versions":
		return encode([]any{14, 15})
	case "Metadata_metadata_at_version":
		v, err := d.U32()
		switch {
		case err != nil:
			return nil, err
		case v == 14:
			return scale.AppendBytes([]byte{1}, c.r.v14), nil
		case v == 15:
			return scale.AppendBytes([]byte{1}, c.r.v15), nil
		}
		return []byte{0}, nil
	case "AccountNonceApi_account_nonce":
		who, err := d.Bytes(32)
		if err != nil {
			return nil, err
		}
		v, err := value(c.r, c.store, b.number, "System.Account", who)
		if err != nil {
			return nil, err
		}
		return encode(record(v).Get("nonce"))
	case "TransactionPaymentApi_query_info":
		return encode(scale.Rec("weight", scale.Rec("ref_time", 100_000_000, "proof_size", 0), "class", "Normal", "partial_fee", c.s.Fee))
	case "TransactionPaymentApi_query_fee_details":
		return encode(scale.Rec("inclusion_fee", scale.Rec("base_fee", c.s.Fee, "len_fee", 0, "adjusted_weight_fee", 0)))
	case "WorkerSolutionApi_query_stake":
		return c.queryStake(d, b, encode)
	}
	return nil, fmt.Errorf("Exported method %s is not found", name)
}

// queryStake gives the period, the stake that counts in it and that of the next.
func (c *Chain) queryStake(d *scale.Decoder, b *block, encode func(any) ([]byte, error)) ([]byte, error) {
	operator, err := d.Bytes(32)
	if err != nil {
		return nil, err
	}
	n, err := d.Length(1)
	if err != nil {
		return nil, err
	}
	ns, err := d.Bytes(n)
	if err != nil {
		return nil, err
	}
	p, err := value(c.r, c.store, b.number, w+"ActiveRewardPeriodInfo")
	if err != nil {
		return nil, err
	}
	v, err := value(c.r, c.store, b.number, w+"SolutionGroupStakeRecords", ns, operator)
	if err != nil {
		return nil, err
	}
	index := small(record(p).Get("index"))
	list, _ := v.([]any)
	return encode([]any{index, stakeAt(list, index), stakeAt(list, index+1)})
}

func queryInfo(c *Chain, _ *session, _ *params) (any, *rpcError) {
	return map[string]any{"weight": map[string]any{"ref_time": 100_000_000, "proof_size": 0}, "class": "normal", "partialFee": c.s.Fee.String()}, nil
}

func queryFeeDetails(c *Chain, _ *session, _ *params) (any, *rpcError) {
	return map[string]any{"inclusionFee": map[string]any{"baseFee": "0x" + c.s.Fee.Text(16), "lenFee": "0x0", "adjustedWeightFee": "0x0"}}, nil
}
