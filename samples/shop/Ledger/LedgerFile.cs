using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Shop.Ledger;

/// <summary>The book: one line an entry, on disk before it is acknowledged; entries that come together are made durable together.
/// One process at a time has it open.</summary>
internal sealed class LedgerFile
{
    private const int MostWaiting = 1000;
    private readonly Channel<(Entry Entry, TaskCompletionSource<long> Written)> _waiting = Channel.CreateBounded<(Entry, TaskCompletionSource<long>)>(MostWaiting);
    private readonly FileStream _file;
    private long _count;
    private long _totalCents;

    private LedgerFile(FileStream file) => _file = file;

    /// <summary>Entries in it.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Sum of all entries in cents.</summary>
    public long TotalCents => Interlocked.Read(ref _totalCents);

    /// <summary>Opens the book in a folder and counts; a last line that a crash cut off was never acknowledged and is dropped.</summary>
    /// <exception cref="IOException">It cannot be opened, or another ledger has it open.</exception>
    public static LedgerFile Open(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "ledger.txt");
        var book = new LedgerFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        book.ReadAll();
        _ = Task.Run(book.WriteAsync);
        return book;
    }

    /// <summary>Writes an entry and returns its number, from 1, when it is on disk.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task<long> AppendAsync(Entry entry, CancellationToken cancellation)
    {
        var written = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _waiting.Writer.WriteAsync((entry, written), cancellation);
        return await written.Task;
    }

    private static string Line(Entry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.Cents} {entry.Order} {Uri.EscapeDataString(entry.User)}\n");

    private void ReadAll()
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var text = reader.ReadToEnd();
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _count++;
            _totalCents += long.Parse(line.AsSpan(0, line.IndexOf(' ')), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        var end = Encoding.UTF8.GetByteCount(whole);
        _file.SetLength(end);
        _file.Position = end;
    }

    private async Task WriteAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var batch = new List<(Entry Entry, TaskCompletionSource<long> Written)>();
            while (_waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            try
            {
                _file.Write(Encoding.UTF8.GetBytes(string.Concat(batch.Select(each => Line(each.Entry)))));
                _file.Flush(flushToDisk: true);
            }
            catch (IOException failure)
            {
                // What of this batch reached the disk is not known; none of it is acknowledged, and a full disk may have room again for the next.
                batch.ForEach(each => each.Written.SetException(failure));
                continue;
            }

            foreach (var (entry, written) in batch)
            {
                Interlocked.Add(ref _totalCents, entry.Cents);
                written.SetResult(Interlocked.Increment(ref _count));
            }
        }
    }
}
