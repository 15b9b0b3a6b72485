"use strict";

/* A bookmark to drag. It works on other pages; on ours the policy rightly forbids it. */
{
  const link = document.getElementById("leaf-bookmarklet");
  link.href = document.getElementById("leaf-bookmark").value;
  link.addEventListener("click", (event) => event.preventDefault());
  document.getElementById("leaf-drag").hidden = false;
}
