import java.io.BufferedReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.monitor.MatchingQueries;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorConfiguration;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.MultiMatchingQueries;
import org.apache.lucene.monitor.MultipassTermFilteredPresearcher;
import org.apache.lucene.monitor.Presearcher;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.RegexpQueryHandler;
import org.apache.lucene.monitor.TermFilteredPresearcher;
import org.apache.lucene.monitor.TermWeightor;
import org.apache.lucene.queries.spans.SpanNearQuery;
import org.apache.lucene.queries.spans.SpanOrQuery;
import org.apache.lucene.queries.spans.SpanQuery;
import org.apache.lucene.queries.spans.SpanTermQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RegexpQuery;
import org.apache.lucene.search.TermQuery;

/**
 * Lucene Monitor on the queries and reports that tests/bench/lucene/export.py wrote.
 *
 * <p>Arguments: queries, reports, answers (written), warm reports, presearcher (term | multi). Queries are in prefix
 * notation, so no query parser stands between. Everything from a report's line to the matching ids is inside the clock
 * (CPU time of the one thread); collection and compilation threads of the JVM are not counted.
 */
public final class MonitorBench {
  private static final Map<String, Integer> SEEN = new HashMap<>();
  private static final int ADDED = 200;

  public static void main(String[] args) throws Exception {
    List<String> reports = Files.readAllLines(Path.of(args[1]));
    int warm = Integer.parseInt(args[3]);
    for (String line : reports.subList(0, warm)) count(line);
    // The same knowledge of what is rare as ours has: from the warm reports alone.
    TermWeightor rare = term -> 1.0f / (1 + SEEN.getOrDefault(term.field() + ":" + term.bytes().utf8ToString(), 0));
    List<org.apache.lucene.monitor.CustomQueryHandler> handlers = List.of(new RegexpQueryHandler());
    Presearcher presearcher =
        args[4].equals("multi")
            ? new MultipassTermFilteredPresearcher(2, 0.0f, rare, handlers, Set.of())
            : new TermFilteredPresearcher(rare, handlers, Set.of());
    MonitorConfiguration configuration = new MonitorConfiguration().setQueryUpdateBufferSize(5_000);
    try (Monitor monitor = new Monitor(new WhitespaceAnalyzer(), presearcher, configuration);
        PrintWriter answers = new PrintWriter(args[2])) {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long start = threads.getCurrentThreadCpuTime();
      int queries = register(monitor, Path.of(args[0]));
      double build = (threads.getCurrentThreadCpuTime() - start) / 1e9;
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
      for (int pass = 0; pass < 2; pass++) for (String line : reports.subList(0, warm)) match(monitor, line, null);
      Map<String, Double> told = measure(monitor, reports.subList(warm, reports.size()), answers);
      told.put("queries", (double) queries);
      told.put("build", build);
      told.put("heap", (double) heap);
      told.put("add", add(monitor, Path.of(args[0])));
      System.out.println(
          told.entrySet().stream()
              .map(one -> "\"" + one.getKey() + "\":" + one.getValue())
              .collect(Collectors.joining(",", "{", "}")));
    }
  }

  /** Microseconds that adding one query to a set in use takes. */
  private static double add(Monitor monitor, Path queries) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<String> lines;
    try (BufferedReader reader = Files.newBufferedReader(queries)) {
      lines = reader.lines().limit(ADDED).collect(Collectors.toList());
    }
    long start = threads.getCurrentThreadCpuTime();
    for (String line : lines) {
      String[] columns = line.split("\t", 2);
      monitor.register(new MonitorQuery("added" + columns[0], query(Arrays.asList(columns[1].split(" ")).iterator())));
    }
    return (threads.getCurrentThreadCpuTime() - start) / 1e3 / lines.size();
  }

  private static Map<String, Double> measure(Monitor monitor, List<String> reports, PrintWriter answers)
      throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] times = new long[reports.size()];
    long[] run = new long[1];
    long matches = 0;
    for (int at = 0; at < times.length; at++) {
      long start = threads.getCurrentThreadCpuTime();
      Set<String> found = match(monitor, reports.get(at), run);
      times[at] = threads.getCurrentThreadCpuTime() - start;
      matches += found.size();
      answers.println(reports.get(at).split("\t", 2)[0] + "\t" + String.join(",", found));
    }
    double mean = Arrays.stream(times).average().orElse(0) / 1e6;
    Arrays.sort(times);
    Map<String, Double> told = new HashMap<>();
    told.put("mean", mean);
    told.put("p50", times[times.length / 2] / 1e6);
    told.put("p99", times[(int) (times.length * 0.99)] / 1e6);
    told.put("candidates", (double) run[0] / times.length);
    told.put("matches", (double) matches / times.length);
    return told;
  }

  private static Set<String> match(Monitor monitor, String line, long[] run) throws Exception {
    Document[] documents = documents(line);
    Set<String> found = new TreeSet<>();
    if (documents.length == 1) {
      MatchingQueries<QueryMatch> matched = monitor.match(documents[0], QueryMatch.SIMPLE_MATCHER);
      for (QueryMatch one : matched.getMatches()) found.add(one.getQueryId());
      if (run != null) run[0] += matched.getQueriesRun();
      if (!matched.getErrors().isEmpty()) throw new IllegalStateException(matched.getErrors().toString());
      return found;
    }
    MultiMatchingQueries<QueryMatch> matched = monitor.match(documents, QueryMatch.SIMPLE_MATCHER);
    for (int at = 0; at < documents.length; at++)
      for (QueryMatch one : matched.getMatches(at)) found.add(one.getQueryId());
    if (run != null) run[0] += matched.getQueriesRun();
    if (!matched.getErrors().isEmpty()) throw new IllegalStateException(matched.getErrors().toString());
    return found;
  }

  /** id, words, field=value …, number=value …, then one column for each event: field=value … */
  private static Document[] documents(String line) {
    String[] columns = line.split("\t", -1);
    int events = columns.length - 4;
    Document[] documents = new Document[Math.max(1, events)];
    for (int at = 0; at < documents.length; at++) {
      Document document = documents[at] = new Document();
      document.add(new TextField("body", columns[1], Field.Store.NO));
      fields(document, columns[2]);
      fields(document, columns[3]);
      if (at < events) fields(document, columns[4 + at]);
    }
    return documents;
  }

  private static void fields(Document document, String column) {
    for (String entry : column.split(" ")) {
      if (entry.isEmpty()) continue;
      int sign = entry.indexOf('=');
      String name = entry.substring(0, sign), value = entry.substring(sign + 1);
      if (name.startsWith("#")) document.add(new DoublePoint(name, Double.parseDouble(value)));
      else document.add(new StringField(name, value, Field.Store.NO));
    }
  }

  private static void count(String line) {
    String[] columns = line.split("\t", -1);
    Set<String> there = new HashSet<>();
    for (String word : columns[1].split(" ")) there.add("body:" + word);
    for (int at = 2; at < columns.length; at++)
      for (String entry : columns[at].split(" ")) there.add(entry.replaceFirst("=", ":"));
    for (String one : there) SEEN.merge(one, 1, Integer::sum);
  }

  private static int register(Monitor monitor, Path queries) throws Exception {
    List<MonitorQuery> batch = new ArrayList<>();
    int number = 0;
    try (BufferedReader reader = Files.newBufferedReader(queries)) {
      for (String line; (line = reader.readLine()) != null; number++) {
        String[] columns = line.split("\t", 2);
        batch.add(new MonitorQuery(columns[0], query(Arrays.asList(columns[1].split(" ")).iterator())));
        if (batch.size() == 5_000) {
          monitor.register(batch);
          batch.clear();
        }
      }
    }
    if (!batch.isEmpty()) monitor.register(batch);
    return number;
  }

  /** AND n … | OR n … | NOT … | IS field value | PHRASE n word … | BEGINS letters | FROM number limit | NEAR slop … … */
  private static Query query(Iterator<String> words) {
    String kind = words.next();
    switch (kind) {
      case "AND":
        return all(words);
      case "OR":
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (int left = Integer.parseInt(words.next()); left > 0; left--) any.add(query(words), Occur.SHOULD);
        return any.build();
      case "NOT":
        return new BooleanQuery.Builder()
            .add(new MatchAllDocsQuery(), Occur.MUST)
            .add(query(words), Occur.MUST_NOT)
            .build();
      case "IS":
        return new TermQuery(new Term(words.next(), words.next()));
      case "PHRASE":
        PhraseQuery.Builder phrase = new PhraseQuery.Builder();
        for (int left = Integer.parseInt(words.next()); left > 0; left--) phrase.add(new Term("body", words.next()));
        return phrase.build();
      case "BEGINS":
        return new RegexpQuery(new Term("body", words.next() + ".*"));
      case "FROM":
        return DoublePoint.newRangeQuery("#" + words.next(), Double.parseDouble(words.next()), Double.POSITIVE_INFINITY);
      case "NEAR":
        int slop = Integer.parseInt(words.next());
        return new SpanNearQuery(new SpanQuery[] {span(words), span(words)}, slop, false);
      default:
        throw new IllegalArgumentException(kind);
    }
  }

  /** An AND, its NOTs as MUST_NOT beside the rest, as Lucene wants them. */
  private static Query all(Iterator<String> words) {
    BooleanQuery.Builder every = new BooleanQuery.Builder();
    boolean asks = false;
    for (int left = Integer.parseInt(words.next()); left > 0; left--) {
      Query part = query(words);
      boolean denied = part instanceof BooleanQuery && isDenial((BooleanQuery) part);
      asks |= !denied;
      every.add(denied ? ((BooleanQuery) part).clauses().get(1).getQuery() : part, denied ? Occur.MUST_NOT : Occur.MUST);
    }
    if (!asks) every.add(new MatchAllDocsQuery(), Occur.MUST);
    return every.build();
  }

  private static boolean isDenial(BooleanQuery query) {
    return query.clauses().size() == 2
        && query.clauses().get(0).getQuery() instanceof MatchAllDocsQuery
        && query.clauses().get(1).getOccur() == Occur.MUST_NOT;
  }

  private static SpanQuery span(Iterator<String> words) {
    if (words.next().equals("IS")) return new SpanTermQuery(new Term(words.next(), words.next()));
    SpanQuery[] parts = new SpanQuery[Integer.parseInt(words.next())];
    for (int at = 0; at < parts.length; at++) parts[at] = span(words);
    return new SpanOrQuery(parts);
  }
}
