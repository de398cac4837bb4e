import { valueOffPolicy } from "../../packages/predict/bandit/off-policy.ts";
import { expectedRewards } from "../../packages/predict/bandit/reward-model.ts";
import { armCounts, type Campaign, readObd, shareOfChoices } from "../../packages/predict/testing/obd.ts";
import { timed } from "./lib/data.ts";
import type { Family, Say } from "./result.ts";

/** Two policies on one shop's pages: each valued from the other's log; what it truly earned is in the full logs. */
export const offPolicy: Family = {
  says: "Off-policy: Open Bandit, a policy valued from a log that chose by chance.",
  parts: {
    all(say) {
      for (const campaign of ["men", "women"] as const) {
        fromRandom(say, campaign);
        fromBts(say, campaign);
      }
    },
  },
};

const base = { family: "off-policy", data: "obd-small", fitSeconds: 0 } as const;
const recomputed = {
  men: "IPW 0.00566, SNIPW 0.00574, error 0.0014, effective size 2,869; on-policy here 0.0069, in full 0.0067",
  women:
    "IPW 0.00581, SNIPW 0.00583, error 0.0012, effective size 3,492; on-policy here 0.0046, in full 0.0064",
} as const;
const onPolicy = { men: 0.0067, women: 0.0064 } as const;

function fromRandom(say: Say, campaign: Campaign): void {
  const log = readObd("random", campaign);
  const armCount = armCounts[campaign];
  const policy = shareOfChoices(readObd("bts", campaign), armCount);
  const { value: found, seconds } = timed(() => {
    const target = Float64Array.from(log.armOf, (arm, row) => policy[log.groupOf[row]!]![arm]!);
    const expected = expectedRewards({ ...log, armCount, groupCount: policy.length, policy });
    return valueOffPolicy({ ...log, target, expected });
  });
  const published = recomputed[campaign];
  const row = { ...base, predictSeconds: seconds, published };
  if (found.refused !== undefined) throw new Error(found.refused);
  say({ ...row, metric: `${campaign}, random → BTS, effective size`, ours: found.effectiveSize, digits: 0 });
  for (const [name, { value, error, low, high }] of [
    ["IPW", found.ipw],
    ["SNIPW", found.snipw],
    ["DR", found.dr!],
  ] as const) {
    say({ ...row, metric: `${campaign}, random → BTS, ${name}`, ours: value, digits: 5 });
    say({ ...row, metric: `${campaign}, random → BTS, ${name} error`, ours: error, digits: 5 });
    const holds = low <= onPolicy[campaign] && onPolicy[campaign] <= high ? 1 : 0;
    const interval = `[${low.toFixed(4)}, ${high.toFixed(4)}]`;
    const metric = `${campaign}, random → BTS, ${name} interval ${interval} holds the full log's`;
    say({ ...row, metric, ours: holds, digits: 0, bar: { atLeast: 1 } });
  }
}

/** The other way round there is little support: the women's log is worth two rows, and the estimate is refused. */
function fromBts(say: Say, campaign: Campaign): void {
  const log = readObd("bts", campaign);
  const target = new Float64Array(log.reward.length).fill(1 / armCounts[campaign]);
  const found = valueOffPolicy({ ...log, target });
  const published =
    campaign === "men" ? "IPW 0.0030, SNIPW 0.0032, effective size 656" : "effective size 2: refuse";
  const row = { ...base, predictSeconds: 0, published };
  say({ ...row, metric: `${campaign}, BTS → random, effective size`, ours: found.effectiveSize, digits: 0 });
  if (found.refused !== undefined) {
    say({ ...row, metric: `${campaign}, BTS → random, refused`, ours: 1, digits: 0, bar: { atLeast: 1 } });
    return;
  }
  say({ ...row, metric: `${campaign}, BTS → random, IPW`, ours: found.ipw.value, digits: 4 });
  say({ ...row, metric: `${campaign}, BTS → random, SNIPW`, ours: found.snipw.value, digits: 4 });
}
