// The shared selection: a model without a view. Panels read and change its traits.
export default {};
