import { byEffects, fitOrthogonal } from "../../packages/predict/price/orthogonal.ts";
import { fitPriceResponse } from "../../packages/predict/price/price-response.ts";
import { readBeer } from "../../packages/predict/testing/price-data.ts";
import { timed } from "./lib/data.ts";
import type { Family } from "./result.ts";

/** The slope of units on price in 1.6 million weeks of beer; its seconds are of the fit, without reading. */
export const price: Family = {
  says: "Price response: Dominick's beer, all rows, with item, store and week effects.",
  parts: {
    all(say) {
      const sales = readBeer();
      const base = { family: "price response", data: "dominicks-beer", predictSeconds: 0 } as const;
      const { value, seconds } = timed(() => fitPriceResponse(sales));
      const published = "−3.567488 (Taddy, with text effects), −3.567495 recomputed";
      const shared = { ...base, fitSeconds: seconds, published };
      say({ ...shared, metric: "slope", ours: value.slope, digits: 6 });
      say({
        ...shared,
        metric: "slope, distance to −3.567",
        ours: Math.abs(value.slope + 3.567),
        digits: 6,
        bar: { atMost: 0.001 },
      });
      say({
        ...shared,
        metric: "seconds of the fit",
        ours: seconds,
        digits: 2,
        bar: { atMost: 10 },
        published: "",
      });
      say({
        ...shared,
        metric: "slope, error clustered by item",
        ours: value.error,
        digits: 3,
        published: "",
      });
      const [lnUnits, lnPrice] = [sales.units.map(Math.log), sales.price.map(Math.log)];
      const nuisance = byEffects([sales.item, ...sales.others]);
      const double = timed(() => fitOrthogonal(lnUnits, lnPrice, { nuisance, cluster: sales.item }));
      say({
        ...base,
        metric: "orthogonal slope, five folds",
        ours: double.value.slope,
        digits: 3,
        published: "−3.60 (error 0.12) on 5,000 rows",
        fitSeconds: double.seconds,
      });
    },
  },
};
