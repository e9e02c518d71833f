"use client";
import { useEffect } from "react";
import { report } from "../report.mjs";
import { load } from "../tasks.mjs";

export default function Page() {
  useEffect(() => {
    report(load);
  }, []);
  return <h1>Matrix</h1>;
}
