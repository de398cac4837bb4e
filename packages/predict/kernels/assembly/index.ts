export { cholesky, solveLower, solveUpper } from "./cholesky";
export { factorSide, rowDots, someRowDots } from "./factors";
export { histogram, histogramOfFour } from "./histogram";
export { subtractShare, sweep } from "./invert";
export { subtractAllProducts, subtractProducts } from "./products";
export { outer, rankOne } from "./rank-one";
export { sparseTimes } from "./sparse";
export { top } from "./top";
export { axpy, dot } from "./vectors";
