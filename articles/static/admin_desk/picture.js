"use strict";

// Shows what matters in the picture, and takes it from where the picture is pressed.
const frame = document.querySelector("[data-focus]");
const fields = ["x", "y"].map((name) => document.querySelector(`input[name="${name}"]`));

if (frame && fields.every(Boolean)) {
  const point = document.createElement("span");
  point.className = "picture-point";
  frame.append(point);
  frame.classList.add("picture-takes");

  const show = () => {
    const [x, y] = fields.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));
    point.style.left = `${x}%`;
    point.style.top = `${y}%`;
  };

  frame.addEventListener("click", (event) => {
    const box = frame.getBoundingClientRect();
    const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    fields.forEach((field, axis) => {
      field.value = String(Math.round(Math.min(1, Math.max(0, at[axis])) * 100));
    });
    show();
  });
  fields.forEach((field) => field.addEventListener("input", show));
  show();
}
