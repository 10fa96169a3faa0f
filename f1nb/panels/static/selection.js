// src/selection/index.ts
var selection_default = {};
export {
  selection_default as default
};
