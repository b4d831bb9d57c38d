# Processor time of an order over connections, PostgreSQL's included.
load "common.gp"
set output ARG2
set title "Processor time of an order, beside that of a plain SQL client"
set xlabel "connections, or clients"
set ylabel "microseconds, without the load generator"
set key right top
set logscale x 2
plot for [column = 2:3] ARG1 using 1:column with linespoints linewidth 2 pointtype 7
