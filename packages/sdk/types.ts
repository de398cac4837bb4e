/** Types of the contract, as callers see them. Nothing of the contract is there at run time. */
import type * as contract from "@trato/contract";
import type { Static, TSchema } from "typebox";

type Contract = typeof contract;
type Part<E, Name extends string> = E extends { readonly [N in Name]?: infer S }
  ? Exclude<S, undefined>
  : never;
type Of<S> = S extends TSchema ? Static<S> : never;

/** The endpoints of the contract, by the name they are exported under. */
export type EndpointName = {
  [N in keyof Contract]: Contract[N] extends { readonly method: string; readonly path: string } ? N : never;
}[keyof Contract];

export type Params<N extends EndpointName> = Of<Part<Contract[N], "params">>;
export type Query<N extends EndpointName> = Of<Part<Contract[N], "query">>;
export type Body<N extends EndpointName> = Of<Part<Contract[N], "body">>;
export type Gives<N extends EndpointName> = Of<Part<Contract[N], "gives">>;

export type { ChangeHeard, EventData, EventTypeName, Topic } from "@trato/contract";
