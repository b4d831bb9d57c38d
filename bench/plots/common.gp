# How all plots look. Each is called with its file of figures and the file to draw.
set terminal svg size 800,500 background rgb "white" font "sans,14"
set datafile separator "\t"
set datafile missing "-"
set key autotitle columnheader
set key left top reverse Left opaque
set grid
set border 3
set tics nomirror
set yrange [0:*]
set format y "%.0f"
set linetype 1 linecolor rgb "#1f77b4"
set linetype 2 linecolor rgb "#d62728"
set linetype 3 linecolor rgb "#2ca02c"
set linetype 4 linecolor rgb "#9467bd"
set linetype 5 linecolor rgb "#ff7f0e"
