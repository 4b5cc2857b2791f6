/* A command that uses what a small program uses: arguments, environment, standard streams, files, an exit code.
 *
 *   hello FILE NAME…   greets each name, copies FILE line by line into FILE.out with line numbers, and exits with 0
 *   hello --trap       divides by zero: a trap
 *   hello --stdin      copies standard input to standard output
 *   hello --clock      prints whether the clocks go forward, and that random numbers differ
 *
 * The file is looked for in the directories that the host opened for the program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 256

static int number_lines(const char *path) {
  char out_path[LINE_BYTES];
  char line[LINE_BYTES];
  int count = 0;
  FILE *in = fopen(path, "r");
  if (in == NULL) {
    fprintf(stderr, "hello: cannot open %s: %s\n", path, strerror(errno));
    return -1;
  }
  snprintf(out_path, sizeof out_path, "%s.out", path);
  FILE *out = fopen(out_path, "w");
  if (out == NULL) {
    fprintf(stderr, "hello: cannot write %s: %s\n", out_path, strerror(errno));
    fclose(in);
    return -1;
  }
  while (fgets(line, sizeof line, in) != NULL) {
    count += 1;
    fprintf(out, "%3d  %s", count, line);
  }
  fclose(in);
  if (fclose(out) != 0) {
    fprintf(stderr, "hello: cannot write %s: %s\n", out_path, strerror(errno));
    return -1;
  }
  printf("numbered %d lines of %s into %s\n", count, path, out_path);
  return count;
}

static int divide_by_zero(void) {
  volatile int number = 7, zero = 0; /* volatile: the division must happen */
  puts("about to divide by zero");
  fflush(stdout);
  return number / zero;
}

static int copy_input(void) {
  char buffer[LINE_BYTES];
  size_t n;
  while ((n = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
    if (fwrite(buffer, 1, n, stdout) != n) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

static int clocks(void) {
  struct timespec a, b;
  unsigned char x[16], y[16];
  clock_gettime(CLOCK_MONOTONIC, &a);
  do clock_gettime(CLOCK_MONOTONIC, &b);
  while (a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec);
  printf("clock goes forward: %s\n", b.tv_sec > a.tv_sec || b.tv_nsec > a.tv_nsec ? "yes" : "no");
  printf("after 2024: %s\n", time(NULL) > 1704067200 ? "yes" : "no");
  if (getentropy(x, sizeof x) != 0 || getentropy(y, sizeof y) != 0) return EXIT_FAILURE;
  printf("random bytes differ: %s\n", memcmp(x, y, sizeof x) != 0 ? "yes" : "no");
  return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
  const char *greeting = getenv("GREETING");
  if (argc > 1 && strcmp(argv[1], "--trap") == 0) return divide_by_zero();
  if (argc > 1 && strcmp(argv[1], "--stdin") == 0) return copy_input();
  if (argc > 1 && strcmp(argv[1], "--clock") == 0) return clocks();
  if (argc < 2) {
    fprintf(stderr, "usage: hello FILE [NAME...]\n");
    return EXIT_FAILURE;
  }
  for (int i = 2; i < argc; i += 1) printf("%s, %s!\n", greeting != NULL ? greeting : "Hello", argv[i]);
  if (argc == 2) printf("%s from C!\n", greeting != NULL ? greeting : "Hello");
  return number_lines(argv[1]) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
