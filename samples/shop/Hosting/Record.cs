using System.Globalization;
using System.Text;

namespace Shop.Hosting;

/// <summary>A file of this process's own with a line for everything that is to be counted after the process is gone. Written by the time the call returns,
/// so that whatever kills the process takes nothing back. Does nothing where no folder is named.</summary>
internal sealed class Record
{
    private readonly FileStream? _file;
    private readonly string _who;
    private readonly Lock _lock = new();

    private Record(FileStream? file, string who) => (_file, _who) = (file, who);

    /// <summary>Begins the file of this process in the folder of the options.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static Record Open(Options options)
    {
        var who = $"{options.Service} {options.Version}";
        if (options.Records is null)
        {
            return new Record(null, who);
        }

        Directory.CreateDirectory(options.Records);
        var name = string.Create(CultureInfo.InvariantCulture, $"{options.Service}.{options.Version}.{options.Instance}.{Environment.ProcessId}.txt");
        return new Record(new FileStream(Path.Combine(options.Records, name), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), who);
    }

    /// <summary>Adds a line: the time, who writes, what happened.</summary>
    /// <param name="what">One word.</param>
    /// <param name="more">The rest of the line; line ends in it become spaces.</param>
    public void Add(string what, string more)
    {
        if (_file is null)
        {
            return;
        }

        var text = more.ReplaceLineEndings(" ");
        lock (_lock)
        {
            _file.Write(Encoding.UTF8.GetBytes($"{DateTime.UtcNow:O} {_who} {what} {text}\n"));
        }
    }
}
